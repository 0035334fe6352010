import { createHash } from 'node:crypto';
import { parseLocation } from '../domain/location.ts';
import type { TableItem } from '../domain/plan.ts';
import type { ReportScope, RunReport } from '../domain/run-report.ts';
import { visibleJson } from './visible-text.ts';

/** Names under which other tools know both sides, as OpenLineage's naming has them. */
export interface LineagePlaces {
  /** `hive://host:port` of the metastore. */
  readonly source: string;
  /** `arn:aws:glue:region:account`; undefined where the account is not known. */
  readonly targetCatalog?: string | undefined;
}

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Readonly<Record<string, unknown>>;
  readonly outputFacets?: Readonly<Record<string, unknown>>;
}

const SPEC = 'https://openlineage.io/spec';
const ARRIVED: ReadonlySet<ReportScope['status']> = new Set(['registered', 'updated', 'unchanged']);

/** A run as OpenLineage events (spec 2-0-2), one JSON object a line: that it began, and how it ended with what came from where, column by column. */
export function* renderOpenLineage(
  report: RunReport,
  tables: Iterable<TableItem>,
  places: LineagePlaces,
): Generator<string> {
  const { run } = report;
  const writer = new EventWriter(report);
  const all = [...tables].filter(({ definition }) => definition !== undefined);
  const inputs = all.map((table) => inputOf(writer, table, places));
  yield writer.event('START', run.startedAt, { inputs, outputs: [] });
  if (run.finishedAt === undefined) return;
  const scopes = new Map(report.scopes.map((scope) => [scope.scope, scope]));
  const outputs = all.flatMap((table) => {
    const scope = scopes.get(table.scope);
    return scope !== undefined && ARRIVED.has(scope.status) ? outputsOf(writer, { table, scope }, places) : [];
  });
  yield writer.event(endOf(report), run.finishedAt, { inputs, outputs });
}

function endOf({ run, verdict }: RunReport): 'COMPLETE' | 'ABORT' | 'FAIL' {
  if (run.status === 'interrupted') return 'ABORT';
  return run.status === 'finished' && verdict !== 'differences' ? 'COMPLETE' : 'FAIL';
}

/** What every event and facet says alike. */
class EventWriter {
  readonly #report: RunReport;
  readonly #producer: string;

  constructor(report: RunReport) {
    this.#report = report;
    this.#producer = `urn:lakelift:${report.run.toolVersion}`;
  }

  event(
    eventType: string,
    eventTime: string,
    data: { inputs: readonly Dataset[]; outputs: readonly Dataset[] },
  ): string {
    const { useCase, run } = this.#report;
    const isBad = eventType === 'FAIL' || eventType === 'ABORT';
    const event = {
      eventType,
      eventTime,
      producer: this.#producer,
      schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
      run: {
        runId: uuidOf(`${useCase.id}/${run.runId}`),
        facets: {
          processing_engine: this.facet('1-1-1/ProcessingEngineRunFacet', {
            name: 'lakelift',
            version: run.toolVersion,
          }),
          ...(isBad ? { errorMessage: this.#errorMessage() } : {}),
        },
      },
      job: {
        namespace: 'lakelift',
        name: useCase.id,
        facets: {
          jobType: this.facet('2-0-4/JobTypeJobFacet', {
            processingType: 'BATCH',
            integration: 'LAKELIFT',
            jobType: 'MIGRATION',
          }),
          documentation: this.facet('1-1-0/DocumentationJobFacet', { description: useCase.title.en }),
        },
      },
      ...data,
    };
    return `${visibleJson(event)}\n`;
  }

  /** `version/Name` of a facet of the specification. */
  facet(name: string, content: object): object {
    const definition = name.slice(name.indexOf('/') + 1);
    const schema = `${SPEC}/facets/${name}.json#/$defs/${definition}`;
    return { _producer: this.#producer, _schemaURL: schema, ...content };
  }

  #errorMessage(): object {
    const { run, verdictReasons } = this.#report;
    const reasons = verdictReasons.map(({ code, count }) => `${code}: ${count}`).join(', ');
    return this.facet('1-0-1/ErrorMessageRunFacet', {
      message: run.status === 'finished' ? `source and target differ (${reasons})` : `the run is ${run.status}`,
      programmingLanguage: 'TYPESCRIPT',
    });
  }
}

function inputOf(
  writer: EventWriter,
  { source, definition }: TableItem,
  { source: namespace }: LineagePlaces,
): Dataset {
  const fields = columnsOf(definition!).map(({ name }, index) => ({ name, ordinal_position: index + 1 }));
  return {
    namespace,
    name: `${source.database}.${source.table}`,
    facets: { schema: writer.facet('1-2-0/SchemaDatasetFacet', { fields }) },
  };
}

/** Named by where it lies, as Spark's own events name it, with its name in the catalog beside; a view lies nowhere. */
function outputsOf(
  writer: EventWriter,
  { table, scope }: { table: TableItem; scope: ReportScope },
  { source, targetCatalog }: LineagePlaces,
): Dataset[] {
  const definition = table.definition!;
  const inCatalog =
    targetCatalog === undefined
      ? undefined
      : { namespace: targetCatalog, name: `table/${definition.database}/${definition.name}` };
  const place = definition.storage.location === undefined ? inCatalog : placeOf(definition.storage.location);
  if (place === undefined) return [];
  const columns = columnsOf(definition);
  const fields = columns.map(({ name, type }, index) => ({ name, type, ordinal_position: index + 1 }));
  const input = { namespace: source, name: `${table.source.database}.${table.source.table}` };
  const rows = scope.reconciliation?.rows?.targetRows;
  const symlinks = inCatalog === undefined || inCatalog === place ? [] : [{ ...inCatalog, type: 'TABLE' }];
  return [
    {
      ...place,
      facets: {
        schema: writer.facet('1-2-0/SchemaDatasetFacet', { fields }),
        columnLineage: writer.facet('1-2-0/ColumnLineageDatasetFacet', { fields: lineageOf(columns, input, table) }),
        ...(symlinks.length === 0
          ? {}
          : { symlinks: writer.facet('1-0-1/SymlinksDatasetFacet', { identifiers: symlinks }) }),
      },
      outputFacets: {
        outputStatistics: writer.facet('1-0-2/OutputStatisticsOutputDatasetFacet', {
          size: scope.files.sizeBytes,
          fileCount: scope.files.count,
          ...(rows === undefined || !Number.isSafeInteger(Number(rows)) ? {} : { rowCount: Number(rows) }),
        }),
      },
    },
  ];
}

/** A table is taken over column by column, as it is; what a view reads is its SQL's affair, of which only the view itself is known here. */
function lineageOf(
  columns: ReturnType<typeof columnsOf>,
  input: { readonly namespace: string; readonly name: string },
  { kind }: TableItem,
): object {
  const subtype = kind === 'view' ? 'TRANSFORMATION' : 'IDENTITY';
  const fieldOf = (name: string) => ({ ...input, field: name, transformations: [{ type: 'DIRECT', subtype }] });
  return Object.fromEntries(columns.map(({ name }) => [name, { inputFields: [fieldOf(name)] }]));
}

function columnsOf({ storage, partitionKeys }: NonNullable<TableItem['definition']>) {
  return [...storage.columns, ...partitionKeys];
}

function placeOf(location: string): { namespace: string; name: string } {
  const { scheme, authority, path } = parseLocation(location);
  return { namespace: `${scheme}://${authority}`, name: path.replace(/^\/+|\/+$/g, '') };
}

/** The same for the same run; a UUID of version 8 (RFC 9562). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
