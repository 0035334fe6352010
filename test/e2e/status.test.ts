import { afterEach, describe, expect, it } from 'vitest';
import { migrationScript } from './project.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** Where `contact` stands, as `lakelift status --json` tells. */
async function standing(): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await project.lakelift('status', 'contact', '--json');
  expect(code, stderr).toBe(0);
  const [entry] = JSON.parse(stdout) as Record<string, unknown>[];
  const { stage, next, blockers, progress } = entry!;
  return { stage, next, blockers, ...(progress === undefined ? {} : { progress }) };
}

describe('the status of a use case', () => {
  it('goes from new to accepted, each stage with the command that leads on', async () => {
    project = await openSandboxProject({
      migrations: { contact: migrationScript('contact', { tables: ['assurance.clients'] }) },
      mappings: {},
    });
    const at = (stage: string, next: string, rest: object = {}): object => ({
      stage,
      next: `lakelift ${next} contact`,
      blockers: [],
      ...rest,
    });
    const done = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await project.lakelift(...args);
      expect({ args, code }, stderr).toEqual({ args, code: 0 });
      return stdout;
    };
    expect(await standing()).toEqual(at('new', 'map'));
    await done('map', 'contact');
    expect(await standing()).toEqual(at('mapped', 'plan'));
    const { hash } = JSON.parse(await done('plan', 'contact', '--json')) as { hash: string };
    expect(await standing()).toEqual(at('planned', 'approve'));
    await done('approve', 'contact', '--by', 'Anne Martin', '--plan', hash);
    expect(await standing()).toEqual(at('approved', 'run'));
    await done('run', 'contact');
    const { progress, ...rest } = await standing();
    expect(rest).toEqual(at('identical', 'accept'));
    const { files, ofFiles } = progress as { files: number; ofFiles: number };
    expect(files).toBeGreaterThan(0);
    expect(files).toBe(ofFiles);
    const { report } = JSON.parse(await done('accept', 'contact', '--list', '--json')) as { report: string };
    await done(
      'accept',
      'contact',
      '--report',
      report,
      '--decision',
      'accepted',
      '--by',
      'Anne Martin',
      '--role',
      'DSI',
    );
    expect(await standing()).toEqual(at('accepted', 'evidence', { progress }));
  }, 120_000);

  it('says what holds it up, after a plan as after a run', async () => {
    project = await openSandboxProject({
      lake: 'whole',
      migrations: { complaints: script('complaints') },
      mappings: { complaints: mapping('complaints') },
    });
    for (const [command, stage] of [
      ['plan', 'à approuver'],
      ['run', 'points ouverts'],
    ] as const) {
      expect((await project.lakelift(command, 'complaints', ...(command === 'run' ? ['--yes'] : []))).code).toBe(3);
      const { stdout } = await project.lakelift('status', 'complaints', '--lang', 'fr');
      expect(stdout).toMatch(new RegExp(`complaints .*${stage}.*1 à décider`));
    }
  }, 60_000);
});
