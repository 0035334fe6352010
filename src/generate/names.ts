import { findDsnBlock } from '../domain/dsn/dsn-block.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { Blueprint } from './blueprint.ts';

/** What names of Lambda functions have room for, the least of all services here. */
const LONGEST_NAME = 64;

/** Of the Glue job, and of the Lambda function for small files, that make a dataset. Throws `usage` where it is too long. */
export function jobName({ migration }: Blueprint, { name }: Pick<Dataset, 'name'>): string {
  const job = `lakelift-${migration.id}-${name}`;
  if (job.length <= LONGEST_NAME) return job;
  throw new LakeliftError(`${job} is too long for the name of a function: ${job.length} characters`, {
    kind: 'usage',
    code: 'NAME_TOO_LONG',
    subject: name,
    hint: `Call the dataset something shorter: ${LONGEST_NAME} characters in all.`,
  });
}

/** Of the state machine and of the DAG. */
export function pipelineName({ migration }: Blueprint): string {
  return `lakelift-${migration.id}`;
}

/**
 * What is made of rows of one table can be made of a part of them; what joins or sums rows cannot. Classes that are large enough within a part are so
 * within the whole.
 */
export function takesSmallFiles({ mapping }: Blueprint, { from, joins, aggregate }: Dataset): boolean {
  const isTable = from.includes('.') && findDsnBlock(mapping, from) === undefined;
  return isTable && joins.length === 0 && aggregate === undefined;
}

/** Those that an application reads by key. */
export function servedDatasets({ datasets }: Blueprint): Dataset[] {
  return datasets.datasets.filter(({ serving }) => serving !== undefined);
}

/** What the names of its tables begin with; each version of the items has one of its own. */
export function servingTablePrefix({ migration }: Blueprint): string {
  return `lakelift-${migration.id}-serving-`;
}

/** The parameter that holds the name of the table in use. */
export function servingAlias({ migration }: Blueprint): string {
  return `/lakelift/${migration.id}/serving-table`;
}
