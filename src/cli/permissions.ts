import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Command } from 'commander';
import { readRangerExport, readSentryExport } from '../compose-policies.ts';
import { connect } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import { permissionsPath, readPermissionDecisions, writePermissions } from '../config/permissions-file.ts';
import type { AccessPolicy } from '../domain/permissions/access-policy.ts';
import type { PermissionDecisions } from '../domain/permissions/permission-review.ts';
import { LakeliftError } from '../errors.ts';
import { drawReview, type PermissionReview } from '../steps/permissions/draw-review.ts';
import { readFolderPolicies } from '../steps/permissions/folder-policies.ts';
import { generateGrants } from '../steps/permissions/generate-grants.ts';
import { governedTables } from '../steps/permissions/governed-tables.ts';
import { reviewContent, withheldLine } from '../steps/permissions/review-content.ts';
import { undecided } from '../steps/permissions/undecided.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { paint, visible, type Terminal } from './terminal.ts';

interface PermissionOptions {
  readonly ranger: readonly string[];
  readonly sentry: readonly string[];
  readonly hdfs?: boolean;
  readonly grants?: string;
}

export function permissionsCommand(): Command {
  const files = (file: string, before: readonly string[]): string[] => [...before, file];
  return new Command('permissions')
    .summary('turn Ranger or Sentry policies into reviewed Lake Formation grants')
    .description(
      'Reads exports of Ranger or Sentry, or the rights on folders of HDFS, and writes mappings/permissions/<use-case>.yaml for review: who may do what, where it comes from, and what cannot be carried over. With --grants, and once everything is reviewed, writes Lake Formation grants as CloudFormation.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--ranger <file>', "JSON export of Ranger Admin's policies; may be repeated", files, [])
    .option(
      '--sentry <file>',
      'policy file exported by Sentry (config-tool), or the same as JSON; may be repeated',
      files,
      [],
    )
    .option('--hdfs', 'read owners, groups and ACLs of the folders of tables as well')
    .option('--grants <file>', 'write the grants as a CloudFormation template')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift permissions absences --ranger ranger.json\n  $ lakelift permissions absences --ranger ranger.json --hdfs\n  $ lakelift permissions absences --ranger ranger.json --grants grants.json\n\nExit codes: 0 everything is decided, 3 something is to be decided, 7 grants were asked for and something is undecided.',
    )
    .action(async (id: string, options: PermissionOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const { policies, ignored } = await readPolicies(project, options);
      const decisions = await readPermissionDecisions(project.root, id);
      const review = await reviewOf(terminal, { project, id, policies, decisions, readsHdfs: options.hdfs === true });
      const isChanged = await writePermissions(project.root, id, reviewContent(id, review, decisions));
      const open = undecided(review, decisions);
      const grants =
        options.grants === undefined
          ? undefined
          : await writeGrants(project, options.grants, { id, review, decisions });
      const summary = {
        file: permissionsPath(project.root, id),
        isChanged,
        policies: review.policies.length,
        elsewhere: review.elsewhere,
        ignored,
        undecided: open,
        withheld: [...review.withheld, ...(grants?.withheld ?? [])],
        grants: grants?.files,
      };
      if (terminal.isJson) terminal.printJson(summary);
      else printReview(terminal, summary);
      process.exitCode = open.length > 0 ? EXIT.itemsFailed : EXIT.ok;
    });
}

async function readPolicies(
  { root }: Project,
  { ranger, sentry, hdfs }: PermissionOptions,
): Promise<{ readonly policies: readonly AccessPolicy[]; readonly ignored: Readonly<Record<string, number>> }> {
  if (ranger.length + sentry.length === 0 && hdfs !== true)
    throw new LakeliftError('No policies were named.', {
      kind: 'usage',
      code: 'POLICIES_MISSING',
      hint: 'Give --ranger <file> with the JSON export of Ranger Admin, --sentry <file>, or --hdfs.',
    });
  const policies = new Map<string, AccessPolicy>();
  const ignored: Record<string, number> = {};
  const add = (policy: AccessPolicy, file: string): void => {
    const other = policies.get(policy.id);
    if (other !== undefined && other.canonical !== policy.canonical) throw ambiguous(policy.id, file);
    policies.set(policy.id, policy);
  };
  for (const file of ranger) {
    const { policies: found, ignoredServices } = readRangerExport(parseJson(await readText(root, file), file), file);
    for (const policy of found) add(policy, file);
    for (const [service, count] of ignoredServices) ignored[service] = (ignored[service] ?? 0) + count;
  }
  for (const file of sentry) for (const policy of readSentryExport(await readText(root, file), file)) add(policy, file);
  return { policies: [...policies.values()], ignored };
}

async function readText(root: string, file: string): Promise<string> {
  try {
    return await readFile(isAbsolute(file) ? file : join(root, file), 'utf8');
  } catch (cause) {
    throw new LakeliftError(`${file} cannot be read: ${(cause as Error).message}`, {
      kind: 'usage',
      code: 'FILE_UNREADABLE',
      subject: file,
      cause,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LakeliftError(`${file} is not JSON: ${(cause as Error).message}`, {
      kind: 'usage',
      code: 'RANGER_EXPORT_INVALID',
      subject: file,
      hint: 'Ranger Admin exports JSON, Excel and CSV: choose JSON.',
      cause,
    });
  }
}

function ambiguous(id: string, file: string): LakeliftError {
  return new LakeliftError(`${file}: the policy ${id} stands in two exports and differs`, {
    kind: 'usage',
    code: 'POLICY_AMBIGUOUS',
    subject: id,
    hint: 'Give only the newest export of each service.',
  });
}

async function reviewOf(
  terminal: Terminal,
  given: Readonly<{
    project: Project;
    id: string;
    policies: readonly AccessPolicy[];
    decisions: PermissionDecisions;
    readsHdfs: boolean;
  }>,
): Promise<PermissionReview> {
  const mapping = await readMapping(given.project.root, given.id);
  const platform = await connect(given.project, () => undefined);
  try {
    const { source, catalog } = platform;
    const clusterAuthorities = given.project.config.source.hdfs.authorities;
    return await interruptible(terminal, async (signal) => {
      const { tables, locations } = await governedTables(mapping, catalog, { source, clusterAuthorities, signal });
      const folders = { source, locations, clusterAuthorities };
      const ofFolders = given.readsHdfs ? await readFolderPolicies(tables, folders, signal) : [];
      return drawReview([...given.policies, ...ofFolders], tables, given.decisions);
    });
  } finally {
    await platform.close();
  }
}

/** CloudFormation takes so many resources a template: `grants.json`, `grants.2.json`… */
async function writeGrants(
  { root }: Project,
  file: string,
  { id, review, decisions }: { id: string; review: PermissionReview; decisions: PermissionDecisions },
): Promise<{ readonly files: readonly string[]; readonly withheld: ReturnType<typeof generateGrants>['withheld'] }> {
  const { templates, withheld } = generateGrants(id, review, decisions);
  const path = isAbsolute(file) ? file : join(root, file);
  const files = templates.map((_template, index) =>
    index === 0 ? path : path.replace(/(\.json)?$/, `.${index + 1}.json`),
  );
  for (const [index, template] of templates.entries())
    await writeFile(files[index]!, `${JSON.stringify(template, null, 2)}\n`);
  return { files, withheld };
}

function printReview(
  terminal: Terminal,
  {
    file,
    policies,
    elsewhere,
    undecided: open,
    withheld,
    grants,
  }: {
    file: string;
    policies: number;
    elsewhere: number;
    undecided: ReturnType<typeof undecided>;
    withheld: PermissionReview['withheld'];
    grants: readonly string[] | undefined;
  },
): void {
  for (const { subject, reason } of open)
    terminal.print(
      `${paint('yellow', '?')} ${visible(subject)}: ${visible(reason.text)}. ${visible(reason.hint ?? '')}`,
    );
  for (const { principal, ...what } of withheld)
    terminal.print(`${paint('red', '-')} ${visible(principal)}: ${visible(withheldLine(what))}`);
  for (const grant of grants ?? []) terminal.print(`${paint('green', '+')} ${grant}`);
  terminal.say(`${file} ✓ (${policies} / ${policies + elsewhere})`);
}
