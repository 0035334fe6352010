import { list } from './file-status.ts';
import { WebHdfsError } from './webhdfs-error.ts';

/** One entry of an access control list, as HDFS writes it: `user:paul:r-x`, `group::r--`, `default:group:rh:rwx`. */
export interface AclEntry {
  /** For what is made below the folder, not for the folder itself. */
  readonly isDefault: boolean;
  readonly type: 'user' | 'group' | 'mask' | 'other';
  /** Empty for the owner, the file's own group, and entries without a name. */
  readonly name: string;
  /** `r-x` */
  readonly permission: string;
}

/** Entries beside owner, group and others, whose rights are the permission of the status; there the group's are the mask of all of these. */
export function aclEntries(json: unknown): AclEntry[] {
  return list(json, 'AclStatus', 'entries').map((entry) => aclEntry(String(entry)));
}

function aclEntry(text: string): AclEntry {
  const parts = text.split(':');
  const isDefault = parts[0] === 'default';
  const [type = '', name = '', permission = ''] = isDefault ? parts.slice(1) : parts;
  return { isDefault, type: type as AclEntry['type'], name, permission };
}

/** How a NameNode says that it keeps no lists; HttpFS passes it on as another exception, with the same words. */
export function hasNoAcls(error: unknown): boolean {
  return error instanceof WebHdfsError && /Support for ACLs has been disabled/i.test(error.message);
}
