import { member } from './file-status.ts';

export interface ContentSummary {
  readonly sizeBytes: bigint;
  readonly fileCount: bigint;
  readonly directoryCount: bigint;
  readonly spaceConsumedBytes: bigint;
}

export function contentSummary(json: unknown): ContentSummary {
  const summary = member(json, 'ContentSummary');
  const count = (name: string): bigint => BigInt(member(summary, name) as number | bigint);
  return {
    sizeBytes: count('length'),
    fileCount: count('fileCount'),
    directoryCount: count('directoryCount'),
    spaceConsumedBytes: count('spaceConsumed'),
  };
}
