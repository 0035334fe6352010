import { airflowDag } from './airflow/airflow-dag.ts';
import type { Blueprint, GeneratedFile, Generator } from './blueprint.ts';
import { dataikuDatasets } from './dataiku/dataiku-datasets.ts';
import { dataQuality } from './dqdl/data-quality.ts';
import { gdprDocuments } from './gdpr/gdpr.ts';
import { servingTable } from './dynamodb/serving-table.ts';
import { glueJobs } from './glue/glue-jobs.ts';
import { infrastructure, sharedInfrastructure } from './infrastructure/infrastructure.ts';
import { smallFileFunctions } from './lambda/small-files.ts';
import { stepFunctions } from './step-functions/state-machine.ts';

/** Every output of `lakelift generate`, each in a room of its own. No two may make the same file. */
const GENERATORS: readonly Generator[] = [
  airflowDag,
  dataikuDatasets,
  dataQuality,
  gdprDocuments,
  glueJobs,
  infrastructure,
  servingTable,
  smallFileFunctions,
  stepFunctions,
];

/** All files of a use case, in the order of their paths. Throws `usage` for what is to be decided first. */
export function generateFiles(blueprint: Blueprint, generators = GENERATORS): GeneratedFile[] {
  const files = generators.flatMap((generator) => generator(blueprint));
  const paths = files.map(({ path }) => path);
  const wrong = paths.find((path, index) => !SAFE_PATH.test(path) || paths.indexOf(path) !== index);
  if (wrong !== undefined) throw new Error(`a generator makes a file that is outside, or another's: ${wrong}`);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What belongs to no use case alone. */
export function generateShared(blueprints: readonly Blueprint[]): GeneratedFile[] {
  return sharedInfrastructure(blueprints);
}

/** Plain names between slashes; none begins with a dot. */
const SAFE_PATH = /^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
