import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedPath, readTree, writeTree } from '../../src/config/generated-tree.ts';
import type { GeneratedFile } from '../../src/generate/blueprint.ts';
import { planTree, type FileChange } from '../../src/generate/tree-change.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lakelift-generated-'));
  folder = generatedPath(root, 'absences');
});
afterEach(() => rmSync(root, { recursive: true }));

const JOB: GeneratedFile = { path: 'glue/arrets.py', text: 'print("é")\n' };
const STATES: GeneratedFile = { path: 'states.json', text: '{}\n' };

async function plan(...files: GeneratedFile[]): Promise<FileChange[]> {
  const paths = files.map(({ path }) => path);
  return planTree('absences', files, await readTree(folder, paths));
}
async function make(...files: GeneratedFile[]): Promise<string[]> {
  const changes = await plan(...files);
  await writeTree(folder, changes);
  return changes.map(said);
}
const said = ({ path, change, isEdited }: FileChange) => `${change} ${path}${isEdited ? ' edited' : ''}`;
const at = (path: string) => join(folder, path);

describe('the folder of generated files', () => {
  it('holds what was generated, and the same again changes nothing', async () => {
    expect(await make(JOB, STATES)).toEqual(['create glue/arrets.py', 'create states.json', 'create manifest.json']);
    expect(readFileSync(at(JOB.path), 'utf8')).toBe(JOB.text);
    expect(await make(JOB, STATES)).toEqual(['none glue/arrets.py', 'none states.json', 'none manifest.json']);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'glue',
      'glue/arrets.py',
      'manifest.json',
      'states.json',
    ]);
  });

  it('loses what is generated no more, and nothing else', async () => {
    await make(JOB, STATES);
    writeFileSync(at('notes.txt'), 'mine');
    expect(await make(STATES)).toEqual(['none states.json', 'remove glue/arrets.py', 'update manifest.json']);
    expect(existsSync(at(JOB.path))).toBe(false);
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('mine');
  });

  it('tells what a person changed from what is only old', async () => {
    await make(JOB, STATES);
    writeFileSync(at(JOB.path), 'print("mine")\n');
    const newer = { ...STATES, text: '{"States":{}}\n' };
    expect((await plan(JOB, newer)).map(said)).toEqual([
      'update glue/arrets.py edited',
      'update states.json',
      'update manifest.json',
    ]);
    // Also when it is to go, and when somebody had put a file there before.
    expect((await plan(STATES)).map(said)).toContain('remove glue/arrets.py edited');
    rmSync(at('manifest.json'));
    expect((await plan(JOB, STATES)).map(said)).toEqual([
      'update glue/arrets.py edited',
      'none states.json',
      'create manifest.json',
    ]);
  });

  it('goes on where a killed run left it', async () => {
    const changes = await plan(JOB, STATES);
    await writeTree(folder, changes.slice(0, 1));
    expect(await make(JOB, STATES)).toEqual(['none glue/arrets.py', 'create states.json', 'create manifest.json']);
  });

  it('refuses a manifest that it did not write', async () => {
    await make(JOB);
    writeFileSync(at('manifest.json'), '{"files": 3}');
    await expect(plan(JOB)).rejects.toMatchObject({ kind: 'usage', code: 'FILE_INVALID' });
  });
});
