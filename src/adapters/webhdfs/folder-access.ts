import type { Bits, FolderAccess } from '../../domain/permissions/folder-access.ts';
import type { AclEntry, FileStatus } from '../../hdfs-webhdfs-client/index.ts';

/**
 * Rights of a folder out of its status and its ACL. Where an ACL names anybody, what stands for the group in the status is the mask: the most
 * that named users and any group have ("HDFS Permissions Guide").
 */
export function folderAccess(
  { path, owner, group, permission }: Pick<FileStatus, 'path' | 'owner' | 'group' | 'permission'>,
  entries: readonly AclEntry[],
): FolderAccess {
  const [ownerBits, groupBits, otherBits] = bitsOf(permission);
  const own = entries.filter(({ isDefault }) => !isDefault);
  const named = (type: AclEntry['type']): [string, Bits][] =>
    own
      .filter((entry) => entry.type === type)
      .map((entry) => [entry.name || group, masked(entry.permission, groupBits)]);
  return {
    path,
    owner,
    ownerBits,
    users: Object.fromEntries(named('user')),
    groups: { [group]: groupBits, ...Object.fromEntries(named('group')) },
    otherBits,
  };
}

/** `1750` as `rwx`, `r-x`, `---`. */
function bitsOf(permission: string): [Bits, Bits, Bits] {
  const digits = permission.padStart(3, '0').slice(-3);
  return [...digits].map((digit) =>
    [...'rwx'].map((letter, index) => ((Number(digit) >> (2 - index)) & 1 ? letter : '-')).join(''),
  ) as [Bits, Bits, Bits];
}

function masked(bits: Bits, mask: Bits): Bits {
  return [...bits].map((letter) => (mask.includes(letter) ? letter : '-')).join('');
}
