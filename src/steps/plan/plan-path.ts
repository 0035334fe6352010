import { rulingOnPathEntry } from '../../domain/hidden-name.ts';
import type { PathMapping } from '../../domain/mapping.ts';
import { hdfsPath } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { PathItem, Reason } from '../../domain/plan.ts';
import { addFile, addLeftOut, reasonOf, reportCount, type FilePlace, type PlanContext } from './plan-context.ts';
import { walkFolder } from './walk-folder.ts';

type PathRuling = Pick<PathItem, 'verdict' | 'reason'>;

/** Plans a directory of plain files: every file keeps its path below it, whatever its name. */
export async function planPath(context: PlanContext, path: string, mapping: PathMapping | undefined): Promise<void> {
  const ruling = rulingOnMapping(context, path, mapping) ?? (await planFiles(context, path, mapping!));
  context.writer.add({ kind: 'path', id: `path:${path}`, scope: path, path, ...ruling });
  reportCount(context, path);
}

function rulingOnMapping(
  { migration }: PlanContext,
  path: string,
  mapping: PathMapping | undefined,
): PathRuling | undefined {
  if (mapping === undefined) {
    const hint = `Run "lakelift map ${migration.id}", review what it adds, then plan again.`;
    return undecided({ code: 'PATH_NOT_MAPPED', text: 'the mapping does not say where it goes', hint });
  }
  if (mapping.skip !== undefined) return skipped({ code: 'MAPPING_SKIP', text: mapping.skip });
  if (migration.source.paths.includes(path)) return undefined;
  return skipped({ code: 'NOT_IN_USE_CASE', text: 'in the mapping, but not among the sources of the use case' });
}

async function planFiles(context: PlanContext, path: string, mapping: PathMapping): Promise<PathRuling> {
  const zone = context.zones[mapping.target.zone]!;
  const place = {
    scope: path,
    bucket: zone.bucket,
    prefix: joinKey(zone.prefix, mapping.target.prefix),
    arePersonalNamesKnown: mapping.names === 'mask',
  };
  try {
    const entry = await context.source.findEntry(hdfsPath(path), context.signal);
    if (entry === undefined) return refused(notFound(path));
    if (entry.kind === 'file') {
      addFile(context, place, entry.file, '');
      return { verdict: 'copy' };
    }
    if (entry.kind === 'symlink') {
      const text = `a symbolic link to ${entry.symlink.symlinkTarget}`;
      return refused({ code: 'SYMLINK', text, hint: 'Name what it points to in the migration script.' });
    }
    return await walk(context, place);
  } catch (error) {
    const reason = reasonOf(error, 'CANNOT_LIST');
    if (reason === undefined) throw error;
    return refused(reason);
  }
}

async function walk(context: PlanContext, place: FilePlace): Promise<PathRuling> {
  const { failures } = await walkFolder(
    hdfsPath(place.scope),
    {
      rulingOnName: rulingOnPathEntry,
      shouldEnter: () => true,
      onFile: (file, relative) => addFile(context, place, file, relative),
      onLeftOut: (left, ruling) => addLeftOut(context, place.scope, left, ruling),
    },
    context,
  );
  if (failures === 0) return { verdict: 'copy' };
  const text = `${failures} of its directories cannot be listed; the rest is copied`;
  return refused({ code: 'CANNOT_LIST_ALL', text, hint: 'The refused directories below it say why.' });
}

function notFound(path: string): Reason {
  const text = `nothing lies at ${path}`;
  return { code: 'SOURCE_PATH_NOT_FOUND', text, hint: 'Mend the path in the migration script.' };
}

const skipped = (reason: Reason): PathRuling => ({ verdict: 'skip', reason });
const refused = (reason: Reason): PathRuling => ({ verdict: 'refuse', reason });
const undecided = (reason: Reason): PathRuling => ({ verdict: 'needs-decision', reason });
