import type { NameRuling } from '../../domain/hidden-name.ts';
import { relativePath } from '../../domain/location.ts';
import type { HdfsPath } from '../../domain/names.ts';
import { countCodec, type CodecCounts } from '../../domain/rules/text-codec.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { SourceEntry } from '../../ports/source-file-system.ts';
import { SMALL_FILE_BYTES } from '../../domain/small-files.ts';
import { reasonOf, type PlanContext } from './plan-context.ts';

export type WalkContext = Pick<PlanContext, 'source' | 'limit' | 'signal'>;

interface FolderVisitor {
  /** Whether an entry is left out by its name. */
  readonly rulingOnName: (name: string) => NameRuling | undefined;
  /** Whether to go into a directory that its name does not leave out. */
  readonly shouldEnter: (directory: HdfsPath) => boolean;
  readonly onFile: (file: SourceFile, relative: string) => void;
  readonly onLeftOut: (path: HdfsPath, ruling: NameRuling) => void;
}

export interface WalkTotals {
  files: number;
  emptyFiles: number;
  sizeBytes: number;
  /** Files below {@link SMALL_FILE_BYTES}. */
  smallFiles: number;
  /** Directories entered below the root. */
  directories: number;
  /** Directories that could not be listed; each was left out with its reason. */
  failures: number;
  /** Of files, and of the directories below the root; 0 where there are none. */
  changedAtMs: number;
  /** By what their names end in. */
  readonly codecs: CodecCounts;
}

export function noTotals(): WalkTotals {
  const counts = { files: 0, emptyFiles: 0, sizeBytes: 0, smallFiles: 0, directories: 0, failures: 0 };
  return { ...counts, changedAtMs: 0, codecs: new Map() };
}

/**
 * Visits everything below a directory, streamed, its directories listed side by side within the context's limit.
 * Throws what listing the root throws; a directory below it that cannot be listed is left out as refused.
 */
export async function walkFolder(root: HdfsPath, visitor: FolderVisitor, context: WalkContext): Promise<WalkTotals> {
  const totals = noTotals();
  const visit = async (directory: HdfsPath): Promise<void> => {
    const below = await context.limit(() => listOne({ root, directory, totals }, visitor, context));
    await Promise.all(
      below.map(async (child) => {
        totals.directories += 1;
        await visit(child).catch((error: unknown) => {
          const reason = reasonOf(error, 'CANNOT_LIST');
          if (reason === undefined) throw error;
          totals.failures += 1;
          visitor.onLeftOut(child, { verdict: 'refuse', reason });
        });
      }),
    );
  };
  await visit(root);
  return totals;
}

interface Listing {
  readonly root: HdfsPath;
  readonly directory: HdfsPath;
  readonly totals: WalkTotals;
}

/** Returns the directories to enter. */
async function listOne(listing: Listing, visitor: FolderVisitor, context: WalkContext): Promise<HdfsPath[]> {
  const below: HdfsPath[] = [];
  for await (const entry of context.source.listDirectory(listing.directory, context.signal)) {
    const path = pathOf(entry);
    const ruling = visitor.rulingOnName(path.slice(path.lastIndexOf('/') + 1));
    if (ruling !== undefined) visitor.onLeftOut(path, ruling);
    else if (entry.kind === 'file') visitFile(listing, entry.file, visitor);
    else if (entry.kind === 'symlink') visitor.onLeftOut(path, symlinkRuling(entry.symlink.symlinkTarget));
    else if (visitor.shouldEnter(path)) {
      below.push(path);
      listing.totals.changedAtMs = Math.max(listing.totals.changedAtMs, entry.directory.modifiedAtMs);
    }
  }
  return below;
}

function visitFile({ root, totals }: Listing, file: SourceFile, visitor: FolderVisitor): void {
  totals.files += 1;
  totals.sizeBytes += file.sizeBytes;
  totals.changedAtMs = Math.max(totals.changedAtMs, file.modifiedAtMs);
  if (file.sizeBytes === 0) totals.emptyFiles += 1;
  if (file.sizeBytes < SMALL_FILE_BYTES) totals.smallFiles += 1;
  countCodec(totals.codecs, file.path, file.sizeBytes);
  visitor.onFile(file, relativePath(root, file.path));
}

function pathOf(entry: SourceEntry): HdfsPath {
  if (entry.kind === 'file') return entry.file.path;
  return entry.kind === 'directory' ? entry.directory.path : entry.symlink.path;
}

function symlinkRuling(target: string): NameRuling {
  const text = `a symbolic link to ${target}; S3 has none`;
  const hint = 'Map what it points to under "paths", or replace the link by the file.';
  return { verdict: 'refuse', reason: { code: 'SYMLINK', text, hint } };
}
