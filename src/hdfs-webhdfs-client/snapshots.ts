import { isRecord, list, text } from './file-status.ts';
import { unexpectedAnswer } from './name-node-router.ts';

export interface SnapshotChange {
  readonly type: 'CREATE' | 'MODIFY' | 'DELETE' | 'RENAME';
  /** Relative to the directory of the snapshot; empty for the directory itself. */
  readonly path: string;
  /** Where a renamed entry went. */
  readonly targetPath: string | undefined;
}

const TYPES: ReadonlySet<string> = new Set(['CREATE', 'MODIFY', 'DELETE', 'RENAME']);

/** Reads GETSNAPSHOTDIFF. */
export function snapshotChanges(json: unknown): SnapshotChange[] {
  return list(json, 'SnapshotDiffReport', 'diffList').map((entry) => {
    const type = isRecord(entry) ? text(entry, 'type') : undefined;
    if (!isRecord(entry) || type === undefined || !TYPES.has(type)) throw unexpectedAnswer('GETSNAPSHOTDIFF');
    return {
      type: type as SnapshotChange['type'],
      path: text(entry, 'sourcePath') ?? '',
      targetPath: text(entry, 'targetPath'),
    };
  });
}

/** Reads the listing of a `.snapshot` folder. */
export function snapshotNames(json: unknown): string[] {
  return list(json, 'FileStatuses', 'FileStatus').map((entry) => {
    const name = isRecord(entry) ? text(entry, 'pathSuffix') : undefined;
    if (name === undefined) throw unexpectedAnswer('LISTSTATUS');
    return name;
  });
}
