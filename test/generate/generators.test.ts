import { describe, expect, it } from 'vitest';
import type { Generator } from '../../src/generate/blueprint.ts';
import { generateFiles } from '../../src/generate/generators.ts';
import { blueprintOf } from './blueprint.ts';

const BLUEPRINT = await blueprintOf('absences');

const making =
  (...paths: string[]): Generator =>
  () =>
    paths.map((path) => ({ path, text: 'x\n' }));

describe('what is generated', () => {
  it('stands in the order of its paths, whichever generator made it', () => {
    const files = generateFiles(BLUEPRINT, [making('sfn/b.json', 'airflow.py'), making('glue/a.py')]);
    expect(files.map(({ path }) => path)).toEqual(['airflow.py', 'glue/a.py', 'sfn/b.json']);
  });

  it.each(['../out.py', '/etc/out.py', 'a//b', 'a/../b', '.hidden', ''])(
    'never lies outside its folder: %j',
    (path) => {
      expect(() => generateFiles(BLUEPRINT, [making(path)])).toThrow('a generator makes a file');
    },
  );

  it('never overwrites what another generator made', () => {
    expect(() => generateFiles(BLUEPRINT, [making('a.py'), making('a.py')])).toThrow('a.py');
  });
});
