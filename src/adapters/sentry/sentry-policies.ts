import { createHash } from 'node:crypto';
import {
  ACCESSES,
  type Access,
  type AccessPolicy,
  type NamePattern,
  type PolicyItem,
} from '../../domain/permissions/access-policy.ts';
import type { Reason } from '../../domain/plan.ts';
import { LakeliftError } from '../../errors.ts';
import { sentryMappings, type SentryMappings } from './sentry-mappings.ts';

const ACCESS_OF: Readonly<Record<string, readonly Access[]>> = {
  select: ['select'],
  insert: ['insert'],
  create: ['create'],
  alter: ['alter'],
  drop: ['drop'],
  owner: ACCESSES,
  all: ACCESSES,
  '*': ACCESSES,
};

const ANY: NamePattern = { values: ['*'], isExcludes: false };

/** Reads what Sentry exported: one policy per privilege of a role, given to the groups and users that have the role. Sentry knows no denials. */
export function readSentryExport(text: string, file: string): AccessPolicy[] {
  const mappings = sentryMappings(text);
  if (mappings === undefined) throw notAnExport(file);
  return Object.entries(mappings.roles)
    .flatMap(([role, privileges]) => privileges.map((privilege) => privilegePolicy(mappings, role, privilege)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `server=server1->db=rh->table=dsn->column=nir->action=select`; what is absent means everything below. */
function privilegePolicy(mappings: SentryMappings, role: string, privilege: string): AccessPolicy {
  const parts = Object.fromEntries(
    privilege.split('->').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const;
    }),
  );
  const action = (parts['action'] ?? 'all').toLowerCase();
  const item: PolicyItem = {
    principals: holdersOf(mappings, role),
    accesses: ACCESS_OF[action] ?? [],
    isConditional: false,
  };
  const uri = parts['uri'] ?? parts['url'];
  const named = (name: string | undefined): NamePattern =>
    name === undefined || name === '' ? ANY : { values: [name], isExcludes: false };
  const { grantoption = 'false' } = parts;
  return {
    id: `sentry:${role}:${createHash('sha256').update(privilege.toLowerCase()).digest('hex').slice(0, 8)}`,
    name: `${role}: ${privilege}`,
    isEnabled: true,
    resources:
      uri === undefined
        ? [{ database: named(parts['db']), table: named(parts['table']), column: named(parts['column']) }]
        : [],
    tags: [],
    allow: [item],
    allowExceptions: [],
    deny: [],
    denyExceptions: [],
    isDenyAllElse: false,
    masks: [],
    filters: [],
    leftOut: leftOut({ uri, action, mayGrant: grantoption.toLowerCase() === 'true' }),
    canonical: JSON.stringify([privilege, item.principals]),
  };
}

function holdersOf({ groups, users }: SentryMappings, role: string): string[] {
  const having = (holders: SentryMappings['groups'], kind: string): string[] =>
    Object.entries(holders)
      .filter(([, roles]) => roles.includes(role))
      .map(([name]) => `${kind}:${name}`);
  return [...having(groups, 'group'), ...having(users, 'user')].sort();
}

function leftOut({ uri, action, mayGrant }: { uri: string | undefined; action: string; mayGrant: boolean }): Reason[] {
  const reasons: Reason[] = [];
  if (uri !== undefined)
    reasons.push({ code: 'RESOURCE_KIND', text: 'it is about a URI: Lake Formation has nothing like it' });
  if (ACCESS_OF[action] === undefined)
    reasons.push({ code: 'ACCESS_UNKNOWN', text: `it allows ${action}: Lake Formation has nothing like it` });
  if (mayGrant)
    reasons.push({
      code: 'DELEGATE_ADMIN',
      text: 'it lets some grant further; nobody may here, since every right comes from this file',
    });
  return reasons;
}

function notAnExport(file: string): LakeliftError {
  return new LakeliftError(`${file} is no export of Sentry's roles and privileges`, {
    kind: 'usage',
    code: 'SENTRY_EXPORT_INVALID',
    subject: file,
    hint: 'Export with "sentry --command config-tool --export <file>", or give JSON with groups, users and roles.',
  });
}
