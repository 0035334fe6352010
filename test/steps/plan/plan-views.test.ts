import { describe, expect, it } from 'vitest';
import type { Mapping, ViewRules } from '../../../src/domain/mapping.ts';
import { defineMigration } from '../../../src/domain/migration.ts';
import type { TableItem } from '../../../src/domain/plan.ts';
import type { Table } from '../../../src/domain/table.ts';
import { STAMP, type TargetTable } from '../../../src/domain/target-table.ts';
import { folderOf, ORC, sketchTable, textFormat } from '../../../src/sandbox/lake/lake-table.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { planUseCase } from '../../../src/steps/plan/plan-use-case.ts';
import { MemoryPlanWriter } from './memory-plan-writer.ts';
import { MemoryCatalog, MemoryFileSystem } from './memory-source.ts';

const PEOPLE = sketchTable({
  database: 'rh',
  name: 'people',
  columns: ['id int', 'name string'],
  format: textFormat({}),
});

function view(name: string, viewText: string, columns: readonly string[] = ['id int']): Table {
  return sketchTable({ database: 'rh', name, type: 'VIRTUAL_VIEW', columns: [...columns], format: ORC, viewText });
}

interface Arranged {
  readonly tables: readonly Table[];
  readonly sources?: readonly string[];
  readonly skip?: Readonly<Record<string, string>>;
  readonly views?: Readonly<Record<string, ViewRules>>;
  readonly standing?: readonly TargetTable[];
  readonly functions?: readonly string[];
}

async function plan({ tables, sources = ['rh.*'], skip = {}, views = {}, standing = [], functions = [] }: Arranged) {
  const files = new MemoryFileSystem();
  files.addDirectory(folderOf(PEOPLE));
  const catalog = new MemoryCatalog([...tables], () => []);
  catalog.functions = functions;
  const migration = defineMigration({
    id: 'test',
    title: { fr: '', en: '' },
    owner: '',
    wave: 1,
    source: { tables: sources },
    purpose: '',
    legalBasis: '',
    consumers: [],
  });
  const proposed = (await proposeMapping(migration, catalog)).mapping;
  const decided = Object.entries(proposed.tables).map(([name, table]) => [
    name,
    { ...table, skip: skip[name], view: views[name] },
  ]);
  const writer = new MemoryPlanWriter();
  await planUseCase({
    migration,
    mapping: { ...proposed, tables: Object.fromEntries(decided) as Mapping['tables'] },
    zones: { raw: { bucket: 'acme-raw', prefix: '' } },
    source: files,
    catalog,
    targetCatalog: {
      findTable: async ({ database, name }) => {
        const table = standing.find((other) => other.database === database && other.name === name);
        return Promise.resolve(table && { table, version: '1' });
      },
    },
    writer,
    clusterAuthorities: ['sandbox'],
    progress: () => {},
    signal: new AbortController().signal,
  });
  return writer;
}

const itemOf = (writer: MemoryPlanWriter, id: string) => writer.items.get(id) as TableItem;

describe('planning views', () => {
  it('translates a view over a table that comes along, and says what was changed', async () => {
    const text = "SELECT `people`.`id` FROM `rh`.`people` WHERE nvl(`people`.`name`, '') <> ''";
    const active = view('active', text);
    const item = itemOf(await plan({ tables: [PEOPLE, active] }), 'view:rh.active');
    expect(item).toMatchObject({
      verdict: 'copy',
      definition: { database: 'raw_rh', name: 'active', type: 'VIRTUAL_VIEW', parameters: { presto_view: 'true' } },
      view: { reads: ['rh.people'] },
    });
    expect(item.view?.sql).toContain('FROM "raw_rh"."people" AS "people"');
    expect(item.notes.map(({ text }) => text)).toContain(`nvl becomes COALESCE (1:${text.indexOf('nvl') + 1})`);
  });

  it('plans a view over a view whatever their names, and neither over what is left out', async () => {
    const upper = view('a_upper', 'SELECT `z_lower`.`id` FROM `rh`.`z_lower`');
    const lower = view('z_lower', 'SELECT `people`.`id` FROM `rh`.`people`');
    const both = await plan({ tables: [PEOPLE, upper, lower] });
    expect(itemOf(both, 'view:rh.a_upper')).toMatchObject({ verdict: 'copy', view: { reads: ['rh.z_lower'] } });
    const neither = await plan({ tables: [PEOPLE, upper, lower], skip: { 'rh.people': 'personal data' } });
    expect(neither.verdictOf('view:rh.z_lower')).toBe('needs-decision VIEW_READS_ABSENT');
    expect(neither.verdictOf('view:rh.a_upper')).toBe('needs-decision VIEW_READS_ABSENT');
  });

  it('ends where views read one another in a circle', async () => {
    const tables = [view('a', 'SELECT `b`.`id` FROM `rh`.`b`'), view('b', 'SELECT `a`.`id` FROM `rh`.`a`')];
    const writer = await plan({ tables });
    expect(writer.verdictOf('view:rh.a')).toBe('needs-decision VIEW_READS_ABSENT');
    expect(writer.verdictOf('view:rh.b')).toBe('needs-decision VIEW_READS_ABSENT');
  });

  it('reads a table that another use case brought to Glue, and none that merely has its name', async () => {
    const active = view('active', 'SELECT `people`.`id` FROM `rh`.`people`');
    const ours = itemOf(await plan({ tables: [PEOPLE, active] }), 'table:rh.people').definition!;
    const foreign = { ...ours, parameters: {} };
    const arranged = { tables: [PEOPLE, active], sources: ['rh.active'] };
    const found = itemOf(await plan({ ...arranged, standing: [ours] }), 'view:rh.active');
    expect(found).toMatchObject({ verdict: 'copy', view: { reads: [] } });
    expect(ours.parameters[STAMP.source]).toBe('rh.people');
    expect((await plan({ ...arranged, standing: [foreign] })).verdictOf('view:rh.active')).toBe(
      'needs-decision VIEW_READS_ABSENT',
    );
    const told = { 'rh.active': { reads: { 'rh.people': 'raw_rh.people' } } };
    expect((await plan({ ...arranged, standing: [foreign], views: told })).verdictOf('view:rh.active')).toBe('copy');
  });

  it('takes a query that a person wrote, and refuses nothing in the one it replaces', async () => {
    const random = view('random', 'SELECT rand() FROM `rh`.`people`', ['r double']);
    const sql = 'SELECT random() AS r FROM people';
    const written = await plan({ tables: [PEOPLE, random], views: { 'rh.random': { sql } } });
    expect(itemOf(written, 'view:rh.random')).toMatchObject({ verdict: 'copy', view: { sql, reads: ['rh.people'] } });
    expect((await plan({ tables: [PEOPLE, random] })).items.get('view:rh.random')).toMatchObject({
      verdict: 'needs-decision',
      reason: { code: 'VIEW_NOT_TRANSLATED', text: expect.stringMatching(/^at 1:8 of its text: rand/) as string },
    });
  });

  it('names the functions of a database as left behind, with what to do', async () => {
    const writer = await plan({ tables: [PEOPLE], functions: ['rh.masked', 'paie.rate'] });
    expect(writer.ids('function')).toEqual(['function:rh.masked']);
    expect(writer.items.get('function:rh.masked')).toMatchObject({
      verdict: 'skip',
      reason: { code: 'FUNCTION', hint: expect.stringContaining('Lambda') as string },
    });
  });

  it('lists a view that Glue would refuse for its length', async () => {
    const long = view(
      'long',
      `SELECT \`people\`.\`id\` FROM \`rh\`.\`people\` WHERE \`people\`.\`name\` <> '${'x'.repeat(310_000)}'`,
    );
    expect((await plan({ tables: [PEOPLE, long] })).verdictOf('view:rh.long')).toBe('needs-decision GLUE_LIMIT');
  });
});
