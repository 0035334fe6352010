import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation } from '../../domain/location.ts';
import { formatTableName, hdfsPath } from '../../domain/names.ts';
import type { AccessPolicy } from '../../domain/permissions/access-policy.ts';
import { folderPolicies, type FolderAccess } from '../../domain/permissions/folder-access.ts';
import type { GovernedTable } from '../../domain/permissions/governed-table.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';

interface Folders {
  readonly source: Pick<SourceFileSystem, 'findAccess'>;
  /** By `database.table`. */
  readonly locations: ReadonlyMap<string, string>;
  readonly clusterAuthorities: readonly string[];
}

/**
 * What rights on the folders of tables amount to. Tables without a folder on this cluster have none. Partitions and files may have rights of their
 * own, which are not looked at.
 */
export async function readFolderPolicies(
  tables: readonly GovernedTable[],
  { source, locations, clusterAuthorities }: Folders,
  signal?: AbortSignal,
): Promise<AccessPolicy[]> {
  const known = new Map<string, Promise<FolderAccess | undefined>>();
  const accessTo = (path: string): Promise<FolderAccess | undefined> => {
    const found = known.get(path) ?? source.findAccess(hdfsPath(path), signal);
    known.set(path, found);
    return found;
  };
  const policies: AccessPolicy[] = [];
  for (const { name } of tables) {
    const location = parseLocation(locations.get(formatTableName(name)) ?? '');
    if (!locations.has(formatTableName(name)) || foreignLocation(location, clusterAuthorities) !== undefined) continue;
    const [folder, ...above] = await Promise.all(upwards(location.path).map(accessTo));
    if (folder === undefined) continue;
    policies.push(...folderPolicies({ table: name, folder, above: above.filter((one) => one !== undefined) }));
  }
  return policies;
}

/** The folder itself, then those above it up to the root. */
function upwards(path: string): string[] {
  const folders = [path];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) folders.push(path.slice(0, end));
  return path === '/' ? folders : [...folders, '/'];
}
