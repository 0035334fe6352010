import type { Node } from './nodes.ts';
import { DEFAULT_GROUP } from './status-json.ts';
import { RemoteException } from './remote-exception.ts';

/** An AclStatus as JsonUtil writes it: entries that the permission does not tell, which stand in the order of HDFS's own sorting. */
export function aclStatusJson({ acl = [], group = DEFAULT_GROUP, owner, permission }: Node): object {
  return { AclStatus: { entries: acl, group, owner, permission, stickyBit: false } };
}

const ENTRY = /^(default:)?(user|group|mask|other):([^:]*):([r-][w-][x-])$/;

/**
 * SETACL: replaces the list. Rights of owner and others become the permission, and so does the mask, in the place of the group's
 * ("HDFS Permissions Guide"); a mask that is not given is what named entries and the group have between them.
 */
export function setAcl(node: Node, spec: string): void {
  const entries = spec.split(',').map((text) => {
    const [, isDefault, type, name, bits] = ENTRY.exec(text) ?? [];
    if (bits === undefined) throw new RemoteException('IllegalArgumentException', `Invalid <aclSpec> : ${spec}`);
    return { text, isDefault: isDefault !== undefined, type: type!, name: name!, bits };
  });
  const base = (type: string): string =>
    entries.find((one) => !one.isDefault && one.type === type && one.name === '')?.bits ?? '---';
  const named = entries.filter(({ isDefault, name }) => !isDefault && name !== '');
  const isExtended = named.length > 0;
  const kept = entries.filter(
    ({ isDefault, type, name }) => isDefault || name !== '' || (isExtended && type === 'group'),
  );
  const group = isExtended ? maskOf(entries, [...named.map(({ bits }) => bits), base('group')]) : base('group');
  node.permission = `${digit(base('user'))}${digit(group)}${digit(base('other'))}`;
  node.acl = kept.map(({ text }) => text);
}

function maskOf(
  entries: readonly { type: string; isDefault: boolean; bits: string }[],
  all: readonly string[],
): string {
  const given = entries.find(({ type, isDefault }) => type === 'mask' && !isDefault);
  return given?.bits ?? [...'rwx'].map((letter) => (all.some((bits) => bits.includes(letter)) ? letter : '-')).join('');
}

function digit(bits: string): number {
  return (bits[0] === 'r' ? 4 : 0) + (bits[1] === 'w' ? 2 : 0) + (bits[2] === 'x' ? 1 : 0);
}
