import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { bundle } from '../.config/bundle.ts';
import { findBundled } from '../src/cli/bundle.js';
import type { Contender } from './contender.ts';
import type { Command } from './measure.ts';
import { ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY } from './servers.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const USE_CASE = 'bench';

/** Plan and copy with its defaults: every object proven against HDFS before it exists. */
export const lakeliftContender: Contender = {
  name: 'lakelift',
  proof: 'end-to-end',
  prepare: prepareCopy,
};

/** What of a job a project is made of. */
export interface ProjectJob {
  readonly servers: {
    readonly webHdfsUrl: string;
    readonly authority: string;
    readonly metastore: string;
    readonly s3Endpoint: string;
  };
  readonly load: { readonly path: string };
  readonly bucket: string;
  readonly directory: string;
}

export async function prepareCopy(job: ProjectJob): Promise<Command> {
  await writeProject(job);
  // As the command itself is run, its flags first of all.
  const built = {
    root: REPOSITORY,
    entries: { copy: 'bench/lakelift-copy.ts' },
    folder: 'node_modules/.cache/bench-copy',
  };
  await bundle(built);
  const flags = ['compiled-code.js', 'heap-limits.js'].flatMap((file) => ['--import', ofCommands(file)]);
  return node(job, [...flags, findBundled(built.root, 'copy', built.folder)!, USE_CASE]);
}

/** The whole command that people use: then source and target are listed and compared once more, object by object, and a report is written. */
export const lakeliftRunContender: Contender = {
  name: 'lakelift run',
  proof: 'end-to-end, twice',
  async prepare(job) {
    await writeProject(job);
    return node(job, [join(REPOSITORY, 'src/cli/start.js'), 'run', USE_CASE, '--yes', '--json']);
  },
};

function ofCommands(file: string): string {
  return pathToFileURL(join(REPOSITORY, 'src/cli', file)).href;
}

function node({ directory }: ProjectJob, args: readonly string[]): Command {
  return {
    command: process.execPath,
    args,
    cwd: directory,
    env: {
      // As the command itself does.
      NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules/.cache/bench'),
      AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
      NO_COLOR: '1',
    },
  };
}

async function writeProject({ servers, load, bucket, directory }: ProjectJob): Promise<void> {
  const config = {
    source: {
      hdfs: { nameNodes: [servers.webHdfsUrl], user: 'hdfs', authorities: [servers.authority] },
      hive: { metastore: [servers.metastore] },
    },
    target: { region: REGION, s3: { endpoint: servers.s3Endpoint }, glue: { endpoint: servers.s3Endpoint } },
    zones: { raw: { bucket } },
  };
  const script = `import { defineMigration } from 'lakelift';
export default defineMigration({ id: '${USE_CASE}', title: { fr: 'Mesure', en: 'Bench' }, owner: 'bench@example.org', wave: 1,
  source: { tables: [], paths: ['${load.path}'] }, purpose: 'Bench', legalBasis: 'none', consumers: [] });
`;
  const mapping = { useCase: USE_CASE, paths: { [load.path]: { target: { zone: 'raw', prefix: 'data' } } } };
  for (const folder of ['migrations', 'mappings', 'node_modules']) await mkdir(join(directory, folder));
  await symlink(REPOSITORY, join(directory, 'node_modules/lakelift'));
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  await writeFile(join(directory, 'lakelift.yaml'), stringify(config));
  await writeFile(join(directory, 'migrations', `${USE_CASE}.ts`), script);
  await writeFile(join(directory, 'mappings', `${USE_CASE}.yaml`), stringify(mapping));
}
