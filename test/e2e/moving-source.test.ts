import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebHdfsFault, WebHdfsFaultHook } from '../../src/sandbox/webhdfs/webhdfs-fault.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** Goes up in several parts, unlike the declarations, which are put whole. */
const LARGE = /\/appels\/.*\.json$/;
const SMALL = '/data/rh/dsn/2024/02/DSN_000000001_202402.dsn';

/** Called each time a DataNode is asked for the bytes of one file, with how often that was before. */
function onRead(
  isMeant: (path: string) => boolean,
  act: (path: string, reads: number) => WebHdfsFault | void,
): WebHdfsFaultHook {
  let reads = 0;
  return ({ operation, server, path }) =>
    operation === 'OPEN' && server === 'datanode' && isMeant(path) ? (act(path, reads++) ?? undefined) : undefined;
}

const CHANGES: Record<string, (path: string) => void> = {
  shrinks: (path) => {
    const content = bytesOf(path);
    project.sandbox.fileSystem.writeFile(path, content.subarray(0, content.length - 1));
  },
  grows: (path) => project.sandbox.fileSystem.append(path, Buffer.from('{}\n')),
  'is replaced by as many other bytes': (path) => {
    project.sandbox.fileSystem.writeFile(path, Buffer.alloc(project.sandbox.fileSystem.getFile(path).sizeBytes, '.'));
  },
  vanishes: (path) => project.sandbox.fileSystem.delete(path),
  'gets another name': (path) => void project.sandbox.fileSystem.rename(path, `${path}.renamed`),
};
const GONE = ['vanishes', 'gets another name'];

function bytesOf(path: string): Uint8Array {
  return readFileSync(project.sandbox.fileSystem.getFile(path).blob);
}

describe('a source that moves while it is read', () => {
  it.each(Object.entries(CHANGES))(
    'a file that %s at every read is not stored; it is the next run that takes it',
    async (what, change) => {
      let isMoving = true;
      project = await openSandboxProject({
        faults: { hdfs: onRead((path) => isMoving && path === SMALL, change) },
      });
      const first = await project.run('absences');
      expect(first.code).toBe(3);
      expect(project.items('absences', first.summary.runId).find(({ source }) => source === SMALL)).toMatchObject({
        status: 'source-moved',
        code: 'SOURCE_MOVED',
        proof: '',
      });
      expect(first.summary.totals).toContainEqual(
        expect.objectContaining({ kind: 'file', status: 'verified', count: 21 }),
      );
      expect(await keysEndingWith('DSN_000000001_202402.dsn')).toEqual([]);
      isMoving = false;
      const second = await project.run('absences');
      expect({ code: second.code, verdict: second.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
      expect(await keysEndingWith('DSN_000000001_202402.dsn')).toHaveLength(GONE.includes(what) ? 0 : 1);
      expect(await keysEndingWith('.renamed')).toHaveLength(what === 'gets another name' ? 1 : 0);
    },
    60_000,
  );

  it('a large file that grows between two of its parts is taken as it is then, and nothing is left open', async () => {
    let large = '';
    project = await openSandboxProject({
      faults: {
        hdfs: onRead(
          (path) => LARGE.test(path) && project.sandbox.fileSystem.getFile(path).sizeBytes > 6 * 1024 * 1024,
          (path, reads) => {
            large = path;
            if (reads === 1) project.sandbox.fileSystem.append(path, Buffer.from('{}\n'));
          },
        ),
      },
    });
    const { code, summary } = await project.run('churn');
    expect(large).not.toBe('');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    const settled = project.settled('churn', summary.runId);
    expect(settled.find(({ item }) => item.kind === 'file' && item.source.path === large)?.outcome).toMatchObject({
      status: 'verified',
      proof: 'end-to-end',
    });
    expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', ''))).toEqual([]);
  }, 60_000);

  it.each<[string, WebHdfsFault]>([
    ['ends early', { kind: 'cut', afterBytes: 10 }],
    ['is reset', { kind: 'reset' }],
  ])(
    'a body that %s at every read fails its file only; the next run is fine',
    async (_what, fault) => {
      let isBad = true;
      project = await openSandboxProject({
        faults: {
          hdfs: onRead(
            (path) => isBad && path === SMALL,
            () => fault,
          ),
        },
      });
      const bad = await project.run('absences');
      expect(bad.code).toBe(3);
      const items = project.items('absences', bad.summary.runId);
      expect(items.filter(({ status }) => status === 'failed').map(({ source }) => source)).toContain(SMALL);
      expect(items.filter(({ kind, status }) => kind === 'file' && status === 'verified')).toHaveLength(21);
      isBad = false;
      expect((await project.run('absences')).code).toBe(0);
    },
    60_000,
  );

  it('a bit that flips once on the way is read again; one that flips each time is never stored', async () => {
    const flip: WebHdfsFault = { kind: 'flip-bit', afterBytes: 3 };
    const other = '/data/rh/dsn/2024/03/DSN_000000002_202403.dsn';
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, server, path }) =>
          operation !== 'OPEN' || server !== 'datanode'
            ? undefined
            : path === SMALL || (path === other && flipped++ === 0)
              ? flip
              : undefined,
      },
    });
    let flipped = 0;
    const { code, summary } = await project.run('absences');
    expect(code).toBe(3);
    const items = project.items('absences', summary.runId);
    expect(items.find(({ source }) => source === SMALL)).toMatchObject({
      status: 'failed',
      code: 'SOURCE_CHECKSUM_MISMATCH',
    });
    expect(flipped).toBe(2);
    expect(items.find(({ source }) => source === other)).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    expect(await keysEndingWith('DSN_000000001_202402.dsn')).toEqual([]);
  }, 60_000);

  it('a file that changes after the run is drift, not loss, and the next run copies it again', async () => {
    project = await openSandboxProject();
    expect((await project.run('absences')).code).toBe(0);
    project.sandbox.fileSystem.writeFile(SMALL, Buffer.from('rewritten at the source'));
    const drifted = await project.lakelift('reconcile', 'absences', '--json');
    expect(drifted.code).toBe(4);
    const { findings } = JSON.parse(drifted.stdout) as { findings: { shown: { weight: string; subject: string }[] } };
    expect(findings.shown.map(({ weight }) => weight)).toEqual(['drift']);
    const { code, summary } = await project.run('absences');
    expect(code).toBe(0);
    const counts = Object.fromEntries(
      summary.totals.filter(({ kind }) => kind === 'file').map(({ status, count }) => [status, count]),
    );
    expect(counts).toMatchObject({ verified: 1, 'already-verified': 21 });
  }, 60_000);
});

async function keysEndingWith(end: string): Promise<string[]> {
  const objects = await Array.fromAsync(project.store.listObjects('sandbox-raw', ''));
  return objects.map(({ key }): string => key).filter((key) => key.endsWith(end));
}
