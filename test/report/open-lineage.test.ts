import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableItem } from '../../src/domain/plan.ts';
import type { RunReport } from '../../src/domain/run-report.ts';
import { renderOpenLineage } from '../../src/report/open-lineage.ts';
import { buildRunReport } from '../../src/steps/report/build-run-report.ts';
import { RUN_DOCUMENTS } from '../../src/ports/run-documents.ts';
import { runId } from '../contracts/ledger.ts';
import { migration, startWorld, type World } from '../steps/migrated-world.ts';

/** The specification's own schemas (OpenLineage, Apache-2.0), unchanged. */
const SCHEMAS = join(import.meta.dirname, 'openlineage');
const RUN = runId('r1');

interface Facet {
  readonly _schemaURL: string;
}
interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Readonly<Record<string, Facet & { fields?: unknown; identifiers?: unknown }>>;
  readonly outputFacets?: Readonly<Record<string, Facet>>;
}
interface Event {
  readonly eventType: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, Facet>> };
  readonly job: { readonly facets: Readonly<Record<string, Facet>> };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

describe('OpenLineage events', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  for (const file of readdirSync(SCHEMAS))
    ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as object);
  const validate = (schema: string, value: unknown): void => {
    const check = ajv.getSchema(schema);
    expect(check, schema).toBeDefined();
    expect(check!(value) ? [] : check!.errors, schema).toEqual([]);
  };

  let world: World;
  let report: RunReport;
  let tables: TableItem[];
  const eventsOf = (of: RunReport): Event[] =>
    [
      ...renderOpenLineage(of, tables, {
        source: 'hive://hms:9083',
        targetCatalog: 'arn:aws:glue:eu-west-3:123456789012',
      }),
    ].map((line) => JSON.parse(line) as Event);

  beforeAll(async () => {
    world = await startWorld();
    await world.run(RUN);
    world.ledger.putDocument(RUN, RUN_DOCUMENTS.reconciliation, await world.reconcile(RUN));
    report = buildRunReport(world.ledger, RUN, migration);
    tables = [...world.ledger.listItems({ kind: 'table' })] as TableItem[];
  });
  afterAll(() => world.close());

  it('keep the schemas of the specification, facets included', () => {
    const failed = { ...report, verdict: 'differences' } as const;
    for (const event of [...eventsOf(report), ...eventsOf(failed)]) {
      validate('https://openlineage.io/spec/2-0-2/OpenLineage.json', event);
      const datasets = [...event.inputs, ...event.outputs];
      const facets = [event.run, event.job, ...datasets].flatMap(({ facets: found }) => Object.values(found));
      for (const facet of [...facets, ...datasets.flatMap(({ outputFacets }) => Object.values(outputFacets ?? {}))])
        validate(facet._schemaURL, facet);
    }
  });

  it('say that the run began and how it ended, under one id', () => {
    const [start, end] = eventsOf(report);
    expect([start!.eventType, end!.eventType]).toEqual(['START', 'COMPLETE']);
    expect(start!.run.runId).toBe(end!.run.runId);
    expect(eventsOf({ ...report, verdict: 'differences' }).at(-1)!.eventType).toBe('FAIL');
    expect(eventsOf({ ...report, run: { ...report.run, status: 'interrupted' } }).at(-1)!.eventType).toBe('ABORT');
    expect(eventsOf({ ...report, run: { ...report.run, finishedAt: undefined } })).toHaveLength(1);
  });

  it('lead each column of a target back to its source', () => {
    const { inputs, outputs } = eventsOf(report).at(-1)!;
    expect(inputs.map(({ name }) => name)).toContain('rh.arret_travail');
    const output = outputs.find(({ name }) => name.endsWith('arret_travail'))!;
    expect(output.namespace).toBe('s3://sandbox-raw');
    expect(output.facets['symlinks']!.identifiers).toEqual([
      { namespace: 'arn:aws:glue:eu-west-3:123456789012', name: 'table/raw_rh/arret_travail', type: 'TABLE' },
    ]);
    const fields = output.facets['columnLineage']!.fields as Record<string, { inputFields: object[] }>;
    expect(fields['nir']!.inputFields).toEqual([
      {
        namespace: 'hive://hms:9083',
        name: 'rh.arret_travail',
        field: 'nir',
        transformations: [{ type: 'DIRECT', subtype: 'IDENTITY' }],
      },
    ]);
    expect(fields['annee']).toBeDefined();
  });
});
