import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Check, CheckRule } from '../../../src/domain/privacy/check.ts';
import { dataQuality } from '../../../src/generate/dqdl/data-quality.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { run } from '../../stack/cache.ts';
import { dqdlJars } from '../../stack/install.ts';
import { blueprintOf } from '../blueprint.ts';

const RULES: readonly CheckRule[] = [
  { rule: 'not-null', column: 'matricule' },
  { rule: 'unique', columns: ['matricule', 'jour'] },
  { rule: 'between', column: 'heures', min: -2.5, max: 24 },
  { rule: 'between', column: 'brut', max: 1e6 },
  { rule: 'in', column: 'nature', values: ['CP', 'congé "été"', "l'autre"] },
  { rule: 'matches', column: 'code', pattern: String.raw`[0-9]{2}\.|"x"` },
  { rule: 'row-count', min: 1, max: 10 },
];
const absences = await blueprintOf('absences');
const filesOf = (checks: readonly Check[]) => {
  const datasets = [aDataset({ from: 'rh.salaries', checks }), aDataset({ name: 'none', from: 'rh.salaries' })];
  return dataQuality({ ...absences, datasets: { ...absences.datasets, datasets } });
};

describe.skipIf(inject('stack') === undefined)('data quality rules', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakelift-dqdl-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string): Promise<string[]> => {
    const file = join(folder, 'rules.dqdl');
    await writeFile(file, text);
    const program = join(import.meta.dirname, 'Rules.java');
    const said = await run('java', ['-cp', join(await dqdlJars(), '*'), program, file]);
    return said.trim().split('\n');
  };

  it('are read by the parser of AWS as they are meant', async () => {
    const [refuse, ...more] = filesOf(RULES.map((rule) => ({ ...rule, severity: 'refuse' })));
    expect(more).toEqual([]);
    expect(basename(refuse!.path)).toBe('people.refuse.dqdl');
    const there = (column: string): string => `where \`${column}\` is not null`;
    expect(await read(refuse!.text)).toEqual([
      'IsComplete {TargetColumn=matricule} ',
      'CustomSql {CustomSqlStatement=select count(*) from (select `matricule`, `jour` from primary where `matricule` is not null and `jour` is not null group by `matricule`, `jour` having count(*) > 1)} =0',
      `ColumnValues {TargetColumn=heures} >=-2.5 ${there('heures')}`,
      `ColumnValues {TargetColumn=heures} <=24 ${there('heures')}`,
      `ColumnValues {TargetColumn=brut} <=1000000 ${there('brut')}`,
      String.raw`ColumnValues {TargetColumn=nature} in["CP","congé \"été\"","l'autre"] ${there('nature')}`,
      String.raw`ColumnValues {TargetColumn=code} matches"^(?:[0-9]{2}\.|\"x\")$" ${there('code')}`,
      'RowCount {} >=1',
      'RowCount {} <=10',
    ]);
  });

  it('would be refused where they are none', async () => {
    const [file] = filesOf([{ rule: 'not-null', column: 'a', severity: 'warn' }]);
    expect(basename(file!.path)).toBe('people.warn.dqdl');
    await expect(read(file!.text.replace('IsComplete', 'IsCompleat ='))).rejects.toThrow(/InvalidDataQualityRuleset/);
  });
});
