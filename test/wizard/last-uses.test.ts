import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProject } from '../../src/config/config.ts';
import { openSandboxProject, type SandboxProject } from '../e2e/sandbox-project.ts';
import { WORDS } from '../../src/cli/words.ts';
import { lastUses } from '../../src/wizard/last-uses.ts';
import { openRoom } from '../../src/wizard/room.ts';
import { BACK, type Question } from '../../src/wizard/question.ts';
import { foldersScene } from '../../src/wizard/scenes/folders.ts';
import { tablesScene } from '../../src/wizard/scenes/tables.ts';
import { START } from '../../src/wizard/wizard-state.ts';

/** Of the clients' table and of a folder that no table owns, as `hdfs oiv -p Delimited` tells. */
const IMAGE = `Path\tReplication\tModificationTime\tAccessTime\tPreferredBlockSize\tBlocksCount\tFileSize\tNSQUOTA\tDSQUOTA\tPermission\tUserName\tGroupName
/warehouse/tablespace/external/hive/assurance.db/clients/part-00000\t3\t2024-06-01 00:00\t2025-03-12 08:30\t134217728\t1\t7\t0\t0\t-rw-r--r--\thive\thadoop
/data/rh/dsn/2024-01.txt\t3\t2024-06-01 00:00\t2024-07-14 00:00\t134217728\t1\t7\t0\t0\t-rw-r--r--\thive\thadoop
`;

describe('when a table or folder was last used', () => {
  let project: SandboxProject;
  beforeAll(async () => {
    project = await openSandboxProject();
  });
  afterAll(() => project.close());
  const loaded = () => loadProject(project.root, join(project.root, 'lakelift.yaml'));

  /** Every entry of the lists that a scene shows, answered in turn. */
  async function shown(scene: typeof tablesScene, answers: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    const left = [...answers];
    const ask = (question: Question) => {
      if (question.kind === 'search') names.push(...question.find('').map(({ name }) => name));
      return Promise.resolve(left.shift() ?? BACK);
    };
    const terminal = {
      language: 'en',
      words: WORDS.en,
      isJson: false,
      canAsk: true,
      print: () => undefined,
      printJson: () => undefined,
      say: () => undefined,
    } as const;
    const { root } = project;
    const room = openRoom({ terminal, ask, root, configFile: join(root, 'lakelift.yaml') });
    Object.assign(process.env, project.environment);
    await scene(room, START);
    await room.close();
    return names;
  }

  it('is not said before the cluster was assessed, nor by an assessment of another version', async () => {
    expect(await lastUses(await loaded())).toEqual(new Map());
    expect((await shown(tablesScene, ['assurance'])).join('\n')).toMatch(/clients · [\d.]+\skB · changed /);
  });

  it('is said by the wizard as an image of the NameNode tells', async () => {
    writeFileSync(join(project.root, 'image.tsv'), IMAGE);
    const { code, stderr } = await project.lakelift('assess', '--image', 'image.tsv');
    expect(code, stderr).toBe(0);
    expect((await lastUses(await loaded())).get('assurance.clients')).toBe(Date.UTC(2025, 2, 12, 8, 30));
    expect(await shown(tablesScene, ['assurance'])).toContainEqual(
      expect.stringMatching(/clients · [\d.]+\skB · last used 12 March 2025$/),
    );
    expect(await shown(foldersScene, ['/data', '/data/rh', '/data/rh/dsn'])).toContainEqual(
      expect.stringMatching(/\/data\/rh\/dsn \(.*last used 14 July 2024\)$/),
    );
    writeFileSync(join(project.root, 'reports/assessment.json'), '{"schema": "lakelift/assessment/0"}');
    expect(await lastUses(await loaded())).toEqual(new Map());
  });
});
