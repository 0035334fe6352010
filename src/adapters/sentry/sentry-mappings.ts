import { z } from 'zod';

/** What Sentry maps: groups and users to roles, roles to privileges. */
export interface SentryMappings {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly users: Readonly<Record<string, readonly string[]>>;
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** A privilege as Sentry's Thrift API has it (sentry_policy_service.thrift, TSentryPrivilege). */
const privilege = z
  .object({
    serverName: z.string(),
    dbName: z.string().nullish(),
    tableName: z.string().nullish(),
    columnName: z.string().nullish(),
    URI: z.string().nullish(),
    action: z.string().nullish(),
    grantOption: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  })
  .transform(({ serverName, dbName, tableName, columnName, URI, action, grantOption }) =>
    [
      ['server', serverName],
      ['db', dbName],
      ['table', tableName],
      ['column', columnName],
      ['uri', URI],
      ['action', action],
      ['grantoption', ['true', '1'].includes(String(grantOption).toLowerCase()) ? 'true' : undefined],
    ]
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([key, value]) => `${key}=${value}`)
      .join('->'),
  );

const roleNames = z.record(z.string(), z.array(z.string()));
const roles = z.record(z.string(), z.array(z.union([z.string(), privilege])));

/** The three sections of the policy file, or the three maps of TSentryMappingData. */
const jsonSchema = z.union([
  z.object({ groups: roleNames.default({}), users: roleNames.default({}), roles }),
  z
    .object({ groupRolesMap: roleNames.default({}), userRolesMap: roleNames.default({}), rolePrivilegesMap: roles })
    .transform(({ groupRolesMap, userRolesMap, rolePrivilegesMap }) => ({
      groups: groupRolesMap,
      users: userRolesMap,
      roles: rolePrivilegesMap,
    })),
]);

/** Reads the policy file that Sentry's config-tool writes (`[users]`, `[groups]`, `[roles]`) or the same as JSON; undefined when it is neither. */
export function sentryMappings(text: string): SentryMappings | undefined {
  if (!text.trimStart().startsWith('{')) return policyFile(text);
  try {
    return jsonSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const LINE = /^(?<key>[^=]+?)\s*=\s*(?<values>.*)$/;

/** `role=server=s1->db=rh->action=select,server=s1->...`: the first "=" parts, commas separate. */
function policyFile(text: string): SentryMappings | undefined {
  const sections: Record<string, Record<string, string[]>> = {};
  let section: Record<string, string[]> | undefined;
  for (const line of contentLines(text)) {
    const name = /^\[(\w+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = sections[name] ??= {};
      continue;
    }
    const { key, values } = LINE.exec(line)?.groups ?? {};
    if (section === undefined || key === undefined || values === undefined) return undefined;
    section[key] = listOf(values);
  }
  const { groups = {}, users = {}, roles: rolesOfFile } = sections;
  return rolesOfFile === undefined ? undefined : { groups, users, roles: rolesOfFile };
}

function contentLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function listOf(values: string): string[] {
  return values
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
