import { findDsnBlock } from '../domain/dsn/dsn-block.ts';
import { SMALL_FILES } from '../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { servingTablesOf } from '../domain/serving/serving-place.ts';
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
 * What is made of rows of one table can be made of a part of them; what joins or sums rows cannot, but for blocks of one DSN file, which never meet those of
 * another. Classes that are large enough within a part are so within the whole.
 */
export function takesSmallFiles({ mapping }: Pick<Blueprint, 'mapping'>, { from, joins, aggregate }: Dataset): boolean {
  if (aggregate !== undefined) return false;
  const block = findDsnBlock(mapping, from);
  if (block === undefined) return from.includes('.') && joins.length === 0;
  return joins.every(
    ({ with: other, on }) => findDsnBlock(mapping, other)?.as === block.as && on['dsn_file'] === 'dsn_file',
  );
}

/** Tables that have rows of a dataset: its own and, where there is a function, the one beside it. */
export function tablesOf(blueprint: Pick<Blueprint, 'mapping'>, dataset: Dataset): string[] {
  const { table } = dataset.target;
  return takesSmallFiles(blueprint, dataset) ? [table, `${table}${SMALL_FILES}`] : [table];
}

/** Those that an application reads by key. */
export function servedDatasets({ datasets }: Blueprint): Dataset[] {
  return datasets.datasets.filter(({ serving }) => serving !== undefined);
}

/** What the names of its tables begin with. */
export function servingTablePrefix({ migration }: Blueprint): string {
  return servingTablesOf(migration.id);
}

/** The parameter that holds the name of the table in use. */
export function servingAlias({ migration }: Blueprint): string {
  return `/lakelift/${migration.id}/serving-table`;
}

/** The parameter that holds the name of the table that was in use before: the way back. */
export function formerServingAlias(blueprint: Blueprint): string {
  return `${servingAlias(blueprint)}-before`;
}

/** Of the state machine that brings the latest items into use. */
export function servingRefreshName({ migration }: Blueprint): string {
  return `lakelift-${migration.id}-serving-refresh`;
}
