import { foreignLocation } from '../cluster.ts';
import { parseLocation } from '../location.ts';
import type { TableMapping } from '../mapping.ts';
import { formatTableName, type UseCaseId } from '../names.ts';
import type { Reason } from '../plan.ts';
import { rulingOnConversion, rulingOnKind } from '../rules/table-kind.ts';
import { targetTable } from '../rules/target-definition.ts';
import { MANY_FILES, SMALL_FILE_BYTES } from '../small-files.ts';
import { isView, viewText, type Table } from '../table.ts';
import { namesReadBy } from '../view-sql/table-references.ts';
import { formatPlace, ViewSqlError } from '../view-sql/view-sql-error.ts';
import type { AssessedItem, AssessmentFinding, Severity } from './assessment.ts';
import { effortDays } from './effort.ts';
import { lastUseMs, type FolderUsage } from './folder-usage.ts';

/** What is known of a table before a single file of it is read. */
export interface KnownTable {
  readonly table: Table;
  /** As people reviewed it, else as `lakelift map` proposes it. */
  readonly mapping: TableMapping;
  readonly partitions: number;
  readonly usage: FolderUsage | undefined;
  readonly useCases: readonly string[];
}

export interface AssessmentSettings {
  readonly clusterAuthorities: readonly string[];
  readonly nowMs: number;
}

const DAY_MS = 86_400_000;
/** A year without anybody reading or writing it. */
const UNUSED_DAYS = 365;
const MANY_PARTITIONS = 10_000;

/** What the definition of a table and its sizes say about taking it over. The plan of a use case looks at partitions and files as well. */
export function assessTable(known: KnownTable, settings: AssessmentSettings): AssessedItem {
  const { table, mapping, partitions, usage, useCases } = known;
  const { findings, format, reads } = isView(table) ? ofView(table) : ofTable(known, settings);
  const settled = settledBy(mapping, table);
  const classes = Object.values(mapping.columns).map((column) => column.class);
  const item = {
    kind: isView(table) ? ('view' as const) : ('table' as const),
    name: formatTableName(table.name),
    ...(format === undefined ? {} : { format }),
    partitions,
    columns: classes.length,
    personalColumns: classes.filter((one) => one !== 'unclassified' && one !== 'technical' && one !== 'public').length,
    ...(usage === undefined ? {} : { usage }),
    findings: settled === undefined ? findings : [settled],
    reads,
    useCases,
  };
  return { ...item, effortDays: effortDays(item) };
}

type Found = Pick<AssessedItem, 'findings' | 'format' | 'reads'>;

function ofTable({ table, mapping, partitions, usage }: KnownTable, settings: AssessmentSettings): Found {
  const { definition, problems, notes } = targetTable(table, {
    useCase: 'assessment' as UseCaseId,
    mapping,
    location: 's3://assessment/',
  });
  const { classification: format } = definition.parameters;
  const kind = rulingOnKind(table);
  const { location } = table.storage;
  const foreign =
    location === undefined ? undefined : foreignLocation(parseLocation(location), settings.clusterAuthorities);
  const stop = kind === undefined ? undefined : found(kind.verdict === 'refuse' ? 'blocking' : 'decision', kind.reason);
  return {
    ...(format === undefined ? {} : { format }),
    reads: [],
    findings: [
      ...(stop === undefined ? [] : [stop]),
      ...(foreign === undefined ? [] : [found('blocking', foreign)]),
      // What a table of another kind is made of does not matter until that is decided.
      ...(kind === undefined ? problems.map((problem) => found('decision', problem)) : []),
      ...usageFindings(usage, partitions, settings),
      ...(kind === undefined ? notes.map((note) => found('note', note)) : []),
    ],
  };
}

/** What a reviewed mapping has settled already: the table stays, or is converted on its way. */
function settledBy({ skip, storage }: TableMapping, table: Table): AssessmentFinding | undefined {
  if (skip !== undefined) return { severity: 'note', code: 'MAPPING_SKIP', text: skip };
  if (storage !== 'convert' || rulingOnConversion(table) !== undefined) return undefined;
  return {
    severity: 'attention',
    code: 'CONVERTED',
    text: 'HiveServer2 exports its rows on the way, as the mapping asks',
  };
}

function ofView(table: Table): Found {
  const materialised = rulingOnKind(table);
  if (materialised !== undefined) return { reads: [], findings: [found('decision', materialised.reason)] };
  try {
    return { reads: namesReadBy(viewText(table)).map(formatTableName).sort(), findings: [] };
  } catch (error) {
    if (!(error instanceof ViewSqlError)) throw error;
    const text = `at ${formatPlace(error.place)} of its text: ${error.message}`;
    const hint = 'Write it in Athena\'s SQL as "view: { sql: … }" in the mapping, or leave it out with "skip".';
    return { reads: [], findings: [{ severity: 'decision', code: 'VIEW_NOT_TRANSLATED', text, hint }] };
  }
}

function usageFindings(
  usage: FolderUsage | undefined,
  partitions: number,
  { nowMs }: AssessmentSettings,
): AssessmentFinding[] {
  const findings: AssessmentFinding[] = [];
  const add = (severity: Severity, code: string, text: string, hint?: string): void =>
    void findings.push({ severity, code, text, ...(hint === undefined ? {} : { hint }) });
  if (partitions > MANY_PARTITIONS)
    add(
      'attention',
      'MANY_PARTITIONS',
      `${partitions} partitions`,
      'Consider an index or partition projection in the mapping.',
    );
  if (usage === undefined) return findings;
  if (usage.files >= MANY_FILES && usage.sizeBytes / usage.files < SMALL_FILE_BYTES)
    add(
      'attention',
      'SMALL_FILES',
      `${usage.files} files of ${Math.round(usage.sizeBytes / usage.files)} bytes on average`,
      '"storage: convert" joins them on the way.',
    );
  if (usage.files === 0) add('note', 'EMPTY', 'its folder holds no file');
  const usedAtMs = lastUseMs(usage) ?? nowMs;
  const days = Math.floor((nowMs - usedAtMs) / DAY_MS);
  if (days > UNUSED_DAYS)
    add(
      'attention',
      'NOT_USED',
      `nobody has read or written it for ${days} days`,
      'Ask its owner; "skip" leaves it with the reason.',
    );
  return findings;
}

function found(severity: Severity, { code, text, hint }: Reason): AssessmentFinding {
  return { severity, code, text, ...(hint === undefined ? {} : { hint }) };
}
