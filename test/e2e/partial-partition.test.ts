import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { TableItem } from '../../src/domain/plan.ts';
import { folderOf } from '../../src/sandbox/lake/lake-table.ts';
import { rhTables } from '../../src/sandbox/lake/rh.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const SCOPE = 'rh.dsn_salarie';
const PERSONAL = 'anne.martin@example.org.parquet';
const PARTITIONED = rhTables().find(({ table }) => table.name.table === 'dsn_salarie')!;
const [JANUARY, FEBRUARY] = PARTITIONED.partitions.map(folderOf) as [string, string];
const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1);

/** One after the other, as the days of a migration. */
describe('a partition with a file whose name tells a person', () => {
  let project: SandboxProject;

  beforeAll(async () => void (project = await openSandboxProject()));
  afterAll(() => project.close());

  const addPersonal = (folder: string): void => {
    const { fileSystem } = project.sandbox;
    const bytes = readFileSync(fileSystem.getFile(`${folder}/part-00000.snappy.parquet`).blob);
    fileSystem.writeFile(`${folder}/${PERSONAL}`, bytes);
  };

  /** Exit code and verdict of a run; of the table's items what became of them; the partitions that stand afterwards. */
  async function run() {
    const { code, summary } = await project.run('absences');
    const settled = project.settled('absences', summary.runId);
    expect(settled.filter(({ outcome }) => outcome === undefined)).toEqual([]);
    const of = (id: string) => settled.find(({ item }) => item.id === id)!.outcome!;
    const table = settled.find(({ item }) => item.id === `table:${SCOPE}`)!.item as TableItem;
    const standing: string[] = [];
    for await (const { values } of project.catalog.listPartitions(table.definition!)) standing.push(values[0]!);
    const { reconciliation } = project.report('absences', summary.runId);
    return {
      ends: [code, summary.reconciliation, reconciliation?.findings.total],
      table: of(`table:${SCOPE}`).status,
      partition: (folder: string) => of(`partition:${SCOPE}/${nameOf(folder)}`),
      files: settled.flatMap(({ item, outcome }) =>
        item.kind === 'file' && item.partition === nameOf(FEBRUARY) ? [outcome!.status] : [],
      ),
      standing: standing.sort(),
    };
  }

  it('is not registered, and named with reason and hint; its other files, the table and its other partitions are there', async () => {
    addPersonal(FEBRUARY);
    const { ends, table, partition, files, standing } = await run();
    expect(ends).toEqual([3, 'incomplete', 0]);
    expect(table).toBe('registered');
    expect(partition(JANUARY).status).toBe('registered');
    expect(partition(FEBRUARY)).toMatchObject({ status: 'undecided', errorCode: 'PERSONAL_NAME' });
    expect(partition(FEBRUARY).hint).toContain('names: mask');
    expect(files.sort()).toEqual(['undecided', 'verified']);
    expect(standing).toEqual(['2024-01', '2024-03']);
  }, 60_000);

  it('is registered by the next run once the file has another name, and no file is copied twice', async () => {
    project.sandbox.fileSystem.rename(`${FEBRUARY}/${PERSONAL}`, `${FEBRUARY}/part-00001.snappy.parquet`);
    const { ends, table, partition, files, standing } = await run();
    expect(ends).toEqual([0, 'identical', 0]);
    expect([table, partition(JANUARY).status, partition(FEBRUARY).status]).toEqual([
      'unchanged',
      'unchanged',
      'registered',
    ]);
    expect(files.sort()).toEqual(['already-verified', 'verified']);
    expect(standing).toEqual(['2024-01', '2024-02', '2024-03']);
  }, 60_000);

  it('stays as it stands where such a file comes to it later, and takes it in once somebody says that it may go', async () => {
    addPersonal(JANUARY);
    const waiting = await run();
    expect(waiting.ends).toEqual([3, 'incomplete', 0]);
    expect(waiting.partition(JANUARY)).toMatchObject({ status: 'undecided', errorCode: 'PERSONAL_NAME' });
    expect(waiting.standing).toEqual(['2024-01', '2024-02', '2024-03']);

    const file = join(project.root, 'mappings/absences.yaml');
    const mapping = parseDocument(readFileSync(file, 'utf8'));
    mapping.setIn(['tables', SCOPE, 'names'], 'mask');
    writeFileSync(file, mapping.toString());
    const answered = await run();
    expect(answered.ends).toEqual([0, 'identical', 0]);
    expect(answered.partition(JANUARY).status).toBe('unchanged');
  }, 60_000);
});
