import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { LakeliftError } from '../errors.ts';
import { askText } from './ask.ts';
import { requireAnswer, terminalOf, type GlobalOptions } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What a project's configuration is made of. */
export interface ProjectAnswers {
  nameNode: string[];
  hdfsUser?: string;
  metastore: string[];
  region: string;
  rawBucket: string;
}

export function initCommand(): Command {
  return new Command('init')
    .summary('write lakelift.yaml and the folders of a project')
    .description(
      'Writes lakelift.yaml, migrations/ and mappings/. Asks for what the options leave open; never overwrites a file.',
    )
    .option(
      '--name-node <url...>',
      'WebHDFS or HttpFS base URL, e.g. http://nn1.example.org:9870; repeat for each NameNode',
    )
    .option('--hdfs-user <name>', 'user for clusters without Kerberos')
    .option('--metastore <uri...>', 'Hive metastore, e.g. thrift://hms.example.org:9083')
    .option('--region <region>', 'AWS region of the buckets and the Glue Data Catalog')
    .option('--raw-bucket <name>', 'bucket of the raw zone')
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift init
  $ lakelift init --no-input --name-node http://nn1:9870 http://nn2:9870 --metastore thrift://hms:9083 \\
      --region eu-west-3 --raw-bucket acme-raw`,
    )
    .action(async (options: Partial<ProjectAnswers>, command: Command) => {
      const terminal = terminalOf(command);
      const file = resolve(command.optsWithGlobals<GlobalOptions>().config);
      await writeProject(file, await complete(options, terminal));
      const next = `lakelift doctor`;
      if (terminal.isJson) terminal.printJson({ written: file, next });
      else terminal.say(`${file} ✓\n${terminal.words.next}: ${next}`);
    });
}

async function complete(given: Partial<ProjectAnswers>, terminal: Terminal): Promise<ProjectAnswers> {
  const missing = PROJECT_QUESTIONS.filter(({ name }) => given[name] === undefined);
  if (missing.some(({ isRequired }) => isRequired)) {
    requireAnswer(
      terminal,
      missing
        .filter(({ isRequired }) => isRequired)
        .map(({ flag }) => flag)
        .join(', '),
    );
  }
  const asked: Partial<ProjectAnswers> = { ...given };
  for (const question of terminal.canAsk ? missing : []) {
    const answer = await askText(
      question.text[terminal.language],
      (value) => value.trim() !== '' || !question.isRequired || question.flag,
    );
    const text = answer.trim();
    if (text === '') continue;
    if (question.name === 'nameNode' || question.name === 'metastore') asked[question.name] = text.split(/[\s,]+/);
    else asked[question.name] = text;
  }
  return asked as ProjectAnswers;
}

/** What is asked where the options leave it open, in this order. */
export const PROJECT_QUESTIONS = [
  {
    name: 'nameNode',
    flag: '--name-node',
    isRequired: true,
    text: {
      en: 'WebHDFS or HttpFS URLs of the NameNodes (http://nn1:9870 …)',
      fr: 'URL WebHDFS ou HttpFS des NameNodes (http://nn1:9870 …)',
    },
  },
  {
    name: 'hdfsUser',
    flag: '--hdfs-user',
    isRequired: false,
    text: { en: 'HDFS user (empty with Kerberos)', fr: 'Utilisateur HDFS (vide avec Kerberos)' },
  },
  {
    name: 'metastore',
    flag: '--metastore',
    isRequired: true,
    text: { en: 'Hive metastore (thrift://host:9083)', fr: 'Metastore Hive (thrift://hote:9083)' },
  },
  { name: 'region', flag: '--region', isRequired: true, text: { en: 'AWS region', fr: 'Région AWS' } },
  {
    name: 'rawBucket',
    flag: '--raw-bucket',
    isRequired: true,
    text: { en: 'Bucket of the raw zone', fr: 'Bucket de la zone brute (raw)' },
  },
] as const;

/** The text of lakelift.yaml. */
export function projectText(answers: ProjectAnswers): string {
  const config = {
    source: {
      hdfs: {
        nameNodes: answers.nameNode,
        ...(answers.hdfsUser === undefined ? {} : { user: answers.hdfsUser }),
        authorities: [],
      },
      hive: { metastore: answers.metastore },
    },
    target: { region: answers.region },
    zones: { raw: { bucket: answers.rawBucket } },
  };
  return `# Connections, zones and limits of this project; no secret belongs here. Every setting: docs/configuration.md\n${stringify(config)}`;
}

/** Writes the configuration and makes the folders beside it. Throws `usage` when there is one already. */
export async function writeProject(file: string, answers: ProjectAnswers): Promise<void> {
  const root = dirname(file);
  await mkdir(join(root, 'migrations'), { recursive: true });
  await mkdir(join(root, 'mappings'), { recursive: true });
  try {
    await writeFile(file, projectText(answers), { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new LakeliftError(`${file} exists already.`, {
      kind: 'usage',
      code: 'PROJECT_EXISTS',
      subject: file,
      hint: 'Edit it, or name another file with --config.',
    });
  }
}
