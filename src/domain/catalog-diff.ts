import type { Reason } from './plan.ts';
import { changeOf, columnChanges, parameterChanges, storageChanges, type FieldChange } from './storage-diff.ts';
import { isStamped, STAMP, type TargetPartition, type TargetTable } from './target-table.ts';

export type TableDiff =
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly changes: readonly FieldChange[] }
  /** `sharedWith`: the other use case that made it, from the same source. */
  | { readonly kind: 'unchanged'; readonly sharedWith?: string | undefined }
  /** What stands there belongs to somebody else and is not touched. */
  | { readonly kind: 'conflict'; readonly reason: Reason };

/** Parameters that change which rows a reader sees. Any other that the catalog, Athena or a person added is let be. */
const READING =
  /^(skip\.(header|footer)\.line\.count|serialization\..*|.*\.delim|quotechar|escapechar|separatorchar|projection\..*|storage\.location\.template|avro\..*|orc\..*|parquet\..*|table_type|metadata_location|classification|external|recordreader.*|input\.regex|transactional.*)$/i;

/**
 * What must be done for `wanted` to stand; the run that put it there is never a difference. A table that two use cases take from one source stands
 * for both, as the first made it; only that one changes it, so that two mappings that do not agree cannot write over each other in turns.
 */
export function diffTable(wanted: TargetTable, standing: TargetTable | undefined): TableDiff {
  if (standing === undefined) return { kind: 'create' };
  const foreign = foreignReason(wanted, standing);
  if (foreign !== undefined) return { kind: 'conflict', reason: foreign };
  const changes = tableChanges(wanted, standing);
  const maker = standing.parameters[STAMP.useCase];
  const isShared = maker !== wanted.parameters[STAMP.useCase];
  if (changes.length === 0) return isShared ? { kind: 'unchanged', sharedWith: maker } : { kind: 'unchanged' };
  return isShared
    ? { kind: 'conflict', reason: sharedAndDiffers(wanted, standing, changes) }
    : { kind: 'update', changes };
}

/** Every difference between two tables of one name, whoever they belong to. */
export function tableChanges(wanted: TargetTable, standing: TargetTable): FieldChange[] {
  return [
    ...changeOf('type', wanted.type, standing.type),
    ...changeOf('description', wanted.description, standing.description),
    // Glue fills in an owner of its own where none was given.
    ...(wanted.owner === undefined ? [] : changeOf('owner', wanted.owner, standing.owner)),
    ...columnChanges('partition key', wanted.partitionKeys, standing.partitionKeys),
    ...storageChanges(wanted.storage, standing.storage, { hasColumns: true }),
    ...parameterChanges('parameter', withoutMaker(wanted.parameters), relevant(wanted, standing.parameters)),
    ...changeOf('view text', wanted.viewOriginalText, standing.viewOriginalText),
    ...changeOf('expanded view text', wanted.viewExpandedText, standing.viewExpandedText),
  ];
}

/**
 * The table to write in place of the one that stands: as wanted, and with what others added to its parameters without effect on reading. What lakelift said of it goes
 * unless it is wanted still.
 */
export function merged(wanted: TargetTable, standing: TargetTable): TargetTable {
  const added = Object.entries(standing.parameters).filter(([name]) => !READING.test(name) && !isOwn(name));
  return { ...wanted, parameters: { ...Object.fromEntries(added), ...wanted.parameters } };
}

/** Differences between two partitions of the same values; columns count only when the catalog gave them. */
export function partitionChanges(wanted: TargetPartition, standing: TargetPartition): FieldChange[] {
  return [
    ...storageChanges(wanted.storage, standing.storage, { hasColumns: standing.storage.columns.length > 0 }),
    ...parameterChanges('parameter', wanted.parameters, relevant(wanted, standing.parameters)),
  ];
}

function relevant(
  wanted: { readonly parameters: Readonly<Record<string, string>> },
  standing: Readonly<Record<string, string>>,
): Record<string, string> {
  const counts = ([name]: [string, string]) =>
    !isMaker(name) && (Object.hasOwn(wanted.parameters, name) || READING.test(name) || isStatement(name));
  return Object.fromEntries(Object.entries(standing).filter(counts));
}

function withoutMaker(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !isMaker(name)));
}

function isMaker(name: string): boolean {
  return name === STAMP.runId || name === STAMP.useCase;
}

/** Nobody but lakelift writes parameters of these names. */
function isOwn(name: string): boolean {
  return name.startsWith('lakelift.');
}

/** Says something of what the table holds, such as its `k`: once it is not wanted any more, it is not so. Of stamps, only those that are wanted are compared. */
function isStatement(name: string): boolean {
  return isOwn(name) && !Object.values<string>(STAMP).includes(name);
}

function foreignReason(wanted: TargetTable, standing: TargetTable): Reason | undefined {
  const name = `${wanted.database}.${wanted.name}`;
  if (!isStamped(standing)) {
    const hint = 'Choose another target table in the mapping, or remove the one that stands there if nobody needs it.';
    return { code: 'FOREIGN_TABLE', text: `a table ${name} that lakelift did not create stands there already`, hint };
  }
  if (wanted.parameters[STAMP.source] === standing.parameters[STAMP.source]) return undefined;
  const { [STAMP.source]: source = '?', [STAMP.useCase]: useCase = '?' } = standing.parameters;
  return {
    code: 'TABLE_OF_OTHER_USE_CASE',
    text: `the table ${name} stands there already: use case ${useCase} made it from ${source}`,
    hint: 'Give one of the two another target table in its mapping.',
  };
}

function sharedAndDiffers(wanted: TargetTable, standing: TargetTable, changes: readonly FieldChange[]): Reason {
  const useCase = standing.parameters[STAMP.useCase] ?? '?';
  const fields = changes.map(({ field }) => field).join(', ');
  return {
    code: 'SHARED_TABLE_DIFFERS',
    text: `use case ${useCase} made the table ${wanted.database}.${wanted.name} from the same source, and it differs from what is planned here in: ${fields}`,
    hint: `Run ${useCase} first, which takes over what changed at the source. If it stays, let both mappings say the same.`,
  };
}
