import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import { listMigrations, loadMigration } from '../config/migration-file.ts';
import { targetPlaces, type BatchMember } from '../domain/batch/batch-order.ts';
import type { Mapping } from '../domain/mapping.ts';
import { LakeliftError } from '../errors.ts';

export interface Selection {
  readonly ids: readonly string[];
  readonly all?: boolean | undefined;
  readonly wave?: number | undefined;
}

/** A use case of a batch; one whose script or mapping cannot be read fails alone. */
export interface FoundMember extends BatchMember {
  readonly mapping?: Mapping | undefined;
  readonly fault?: unknown;
}

/** The use cases that a command means. Throws `usage`: none, contradictory options, an id without a script. */
export async function selectMembers(project: Project, { ids, all, wave }: Selection): Promise<FoundMember[]> {
  if (ids.length > 0 && (all === true || wave !== undefined))
    throw usage('Name use cases, or give --all or --wave, not both', 'SELECTION_CONTRADICTORY');
  const known = await listMigrations(project.root);
  const unknown = ids.find((id) => !known.includes(id));
  // Says which there are.
  if (unknown !== undefined) await loadMigration(project.root, unknown);
  const members: FoundMember[] = [];
  for (const id of ids.length > 0 ? new Set(ids) : known) members.push(await memberOf(project, id));
  const selected = wave === undefined ? members : members.filter((member) => member.wave === wave);
  if (selected.length > 0) return selected;
  const waves = [...new Set(members.map((member) => member.wave))].sort((a, b) => a - b);
  throw usage(
    wave === undefined ? 'There is no use case' : `There is no use case in wave ${wave}`,
    'NO_USE_CASE',
    waves.length > 0 ? `Waves: ${waves.join(', ')}.` : 'Write a script in migrations/, or run "lakelift init".',
  );
}

async function memberOf({ root }: Project, id: string): Promise<FoundMember> {
  let wave = 1;
  try {
    ({ wave } = await loadMigration(root, id));
    const mapping = await readMapping(root, id);
    return { id, wave, places: targetPlaces(mapping), mapping };
  } catch (fault) {
    return { id, wave, places: [], fault };
  }
}

function usage(message: string, code: string, hint = 'See "lakelift run --help".'): LakeliftError {
  return new LakeliftError(message, { kind: 'usage', code, hint });
}
