import pLimit from 'p-limit';
import type { FolderUsage } from '../../domain/assessment/folder-usage.ts';
import { isLakeliftError } from '../../errors.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import type { UsageSource } from './assess-cluster.ts';

/** A NameNode answers a summary under its read lock: few at a time. */
const SUMMARIES_AT_ONCE = 4;

/** Sizes as the NameNode sums them up, folder by folder; nothing is listed. Folders that are gone or closed to us are absent. */
export function liveUsage(source: Pick<SourceFileSystem, 'getContentSummary'>): UsageSource {
  return {
    kind: 'live',
    usageOf: async (folders, signal) => {
      const limit = pLimit(SUMMARIES_AT_ONCE);
      const usage = new Map<string, FolderUsage>();
      const ask = async (folder: (typeof folders)[number]): Promise<void> => {
        try {
          const { fileCount, sizeBytes } = await source.getContentSummary(folder, signal);
          usage.set(folder, { files: Number(fileCount), sizeBytes: Number(sizeBytes) });
        } catch (error) {
          if (!isLakeliftError(error, 'not-found') && !isLakeliftError(error, 'denied')) throw error;
        }
      };
      await Promise.all(folders.map((folder) => limit(() => ask(folder))));
      return usage;
    },
  };
}
