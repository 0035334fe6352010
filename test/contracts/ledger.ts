import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.ts';
import { hdfsPath, s3Key, type RunId } from '../../src/domain/names.ts';
import type { FileItem, PathItem, TableItem } from '../../src/domain/plan.ts';
import type { Ledger, ObjectRecord, RunRecord, UploadRecord } from '../../src/ports/ledger.ts';

export const runId = (text: string): RunId => text as RunId;

export function fileItem(name: string, changes: Partial<FileItem> = {}): FileItem {
  return {
    kind: 'file',
    id: `file:raw/${name}`,
    scope: 'rh.salarie',
    verdict: 'copy',
    source: {
      path: hdfsPath(`/data/${name}`),
      sizeBytes: 10,
      modifiedAtMs: 1_700_000_000_000,
      blockSizeBytes: 1024,
      fileId: 9_007_199_254_740_993n,
      isEncrypted: false,
      isErasureCoded: false,
      owner: 'o',
      group: 'g',
      permission: '644',
    },
    target: { bucket: 'raw', key: s3Key(name) },
    ...changes,
  };
}

const run: RunRecord = {
  runId: runId('r1'),
  planHash: 'h',
  toolVersion: '1',
  startedBy: 'me@host',
  startedAtMs: 5,
  status: 'running',
};
const address = { bucket: 'raw', key: s3Key('a/é %') };
const upload: UploadRecord = {
  address,
  uploadId: 'u',
  version: { sizeBytes: 9, modifiedAtMs: 1, fileId: 2n ** 60n },
  partSizeBytes: 5,
};

/** What every ledger must do; `open` gives the same ledger again after it was closed. */
export function ledgerContract(open: () => Ledger): void {
  describe('a ledger', () => {
    let ledger: Ledger;
    beforeEach(() => void (ledger = open()));
    afterEach(() => ledger.close());

    const reopen = async (): Promise<void> => {
      await ledger.flush();
      ledger.close();
      ledger = open();
    };
    const writePlan = (...items: FileItem[]) => {
      const writer = ledger.writePlan();
      for (const item of items) writer.add(item);
      return writer.finish();
    };

    it('gives back a plan in the order of UTF-8 bytes, i64 ids exact', async () => {
      writePlan(fileItem('z'), fileItem('é'), fileItem('a'), fileItem('😀'), fileItem('～'));
      await reopen();
      expect([...ledger.listItems({})].map(({ id }) => id)).toEqual(
        ['a', 'z', 'é', '～', '😀'].map((name) => `file:raw/${name}`),
      );
      expect([...ledger.listItems({})][0]).toEqual(fileItem('a'));
    });

    it('hashes equal plans alike, whatever the order of arrival, and different plans differently', () => {
      const first = writePlan(fileItem('a'), fileItem('b'));
      const second = writePlan(fileItem('b'), fileItem('a'));
      const third = writePlan(fileItem('a'), fileItem('b', { source: { ...fileItem('b').source, modifiedAtMs: 1 } }));
      expect(second.hash).toBe(first.hash);
      expect(third.hash).not.toBe(first.hash);
      expect(third.totals.file?.copy).toEqual({ count: 2, sizeBytes: 20 });
    });

    it('holds back what was to be copied of a scope, or of a partition of it, and nothing else', async () => {
      const reason = { code: 'CODEC_UNSUPPORTED', text: 'cannot be read there' };
      const writer = ledger.writePlan();
      const refused = { verdict: 'refuse', reason: { code: 'KEY_TOO_LONG', text: 'its key' } } as const;
      writer.add(fileItem('a', { scope: 'db.whole' }));
      writer.add(fileItem('b', { scope: 'db.whole', ...refused }));
      writer.add(fileItem('c', { scope: 'db.parted', partition: 'p=1' }));
      writer.add(fileItem('d', { scope: 'db.parted', partition: 'p=2' }));
      writer.add(fileItem('e', { scope: 'db.other' }));
      writer.holdBack({ scope: 'db.whole' }, { verdict: 'needs-decision', reason });
      writer.holdBack({ scope: 'db.parted', partition: 'p=2' }, { verdict: 'refuse', reason });
      const { totals } = writer.finish();
      expect(totals.file).toMatchObject({ copy: { count: 2 }, 'needs-decision': { count: 1 }, refuse: { count: 2 } });
      await reopen();
      expect([...ledger.listItems({})]).toEqual([
        fileItem('a', { scope: 'db.whole', verdict: 'needs-decision', reason }),
        fileItem('b', { scope: 'db.whole', ...refused }),
        fileItem('c', { scope: 'db.parted', partition: 'p=1' }),
        fileItem('d', { scope: 'db.parted', partition: 'p=2', verdict: 'refuse', reason }),
        fileItem('e', { scope: 'db.other' }),
      ]);
      expect([...ledger.listItems({ kind: 'file', verdict: 'copy' })]).toHaveLength(2);
    });

    it('shows nothing of a plan before it is finished, and keeps the old one when it is abandoned', () => {
      writePlan(fileItem('old'));
      const writer = ledger.writePlan();
      writer.add(fileItem('new'));
      expect([...ledger.listItems({})]).toEqual([fileItem('old')]);
      writer.abandon();
      expect(ledger.findPlan()?.totals.file?.copy?.count).toBe(1);
      expect([...ledger.listItems({})]).toEqual([fileItem('old')]);
    });

    it('refuses two sources for one target and names both', () => {
      const writer = ledger.writePlan();
      writer.add(fileItem('x'));
      const other = fileItem('x', { source: { ...fileItem('x').source, path: hdfsPath('/elsewhere/x') } });
      expect(() => writer.add(other)).toThrow(
        expect.objectContaining({
          code: 'PLAN_COLLISION',
          message: expect.stringMatching(/\/data\/x and \/elsewhere\/x/) as string,
        }) as Error,
      );
    });

    it('filters items by kind, verdict and scope', () => {
      writePlan(
        fileItem('a'),
        fileItem('b', { scope: 'x.y' }),
        fileItem('c', { verdict: 'skip', reason: { code: 'HIDDEN', text: 'hidden' } }),
      );
      const ids = (filter: Parameters<Ledger['listItems']>[0]): string[] =>
        [...ledger.listItems(filter)].map(({ id }) => id.slice(-1));
      expect(ids({ kind: 'file', verdict: 'copy', scope: 'x.y' })).toEqual(['b']);
      const outcomes = [...ledger.listOutcomes(runId('r'), { kind: 'file', verdict: 'skip' })];
      expect(outcomes.map(({ item }) => item.id)).toEqual(['file:raw/c']);
      expect(ids({ verdict: 'skip' })).toEqual(['c']);
      expect(ids({ kind: 'table' })).toEqual([]);
    });

    it('lists all kinds of a scope in the order of ids, with and without outcomes', () => {
      const path: PathItem = {
        kind: 'path',
        id: 'path:rh.salarie:/w/_x',
        scope: 'rh.salarie',
        verdict: 'skip',
        path: '/w/_x',
      };
      const table: TableItem = {
        kind: 'table',
        id: 'table:rh.salarie',
        scope: 'rh.salarie',
        verdict: 'copy',
        source: { database: 'rh', table: 'salarie' },
        reconcileLevel: 'files',
        notes: [],
      };
      const writer = ledger.writePlan();
      for (const item of [table, path, fileItem('z'), fileItem('other', { scope: 'rh.salaries' }), fileItem('a')])
        writer.add(item);
      writer.finish();
      ledger.recordOutcome(run.runId, { itemId: table.id, status: 'registered' });
      ledger.recordOutcome(run.runId, { itemId: 'file:raw/z', status: 'registered' });
      const inScope = ['file:raw/a', 'file:raw/z', path.id, table.id];
      expect([...ledger.listItems({ scope: 'rh.salarie' })].map(({ id }) => id)).toEqual(inScope);
      expect([...ledger.listOutcomes(run.runId, { scope: 'rh.salarie' })].map(({ item }) => item.id)).toEqual(inScope);
      const registered = [...ledger.listOutcomes(run.runId, { status: 'registered' })];
      expect(registered.map(({ item }) => item.id)).toEqual(['file:raw/z', table.id]);
      expect([...ledger.listOutcomes(runId('other'), { kind: 'table' })]).toEqual([
        { item: table, outcome: undefined },
      ]);
    });

    it('can be written while its items are being listed, over more than one page', () => {
      const names = Array.from({ length: 1234 }, (_, i) => String(i).padStart(5, '0'));
      writePlan(...names.map((name) => fileItem(name)));
      let seen = 0;
      for (const item of ledger.listItems({ kind: 'file' })) {
        ledger.recordOutcome(run.runId, { itemId: item.id, status: 'verified' });
        seen++;
      }
      expect(seen).toBe(1234);
      expect(ledger.totals(run.runId)).toEqual([
        { scope: 'rh.salarie', kind: 'file', status: 'verified', count: 1234, sizeBytes: 12340 },
      ]);
      expect([...ledger.listOutcomes(run.runId, {})]).toHaveLength(1234);
    });

    it('keeps the last approval with the plan that it is of, in short, whatever plan comes after', async () => {
      expect(ledger.findApproval()).toBeUndefined();
      writePlan(fileItem('b'), fileItem('\u{1f600}'), fileItem('a'));
      const lines = [...ledger.listPlanLines()];
      expect(lines.map(({ id, sizeBytes }) => [id, sizeBytes])).toEqual([
        ['file:raw/a', 10],
        ['file:raw/b', 10],
        ['file:raw/\u{1f600}', 10],
      ]);
      const approval = { planHash: 'h', by: 'Anne', at: '2027-01-31T00:00:00.000Z' };
      ledger.putApproval({ ...approval, by: 'Earlier' }, [lines[0]!]);
      ledger.putApproval(approval, lines);
      writePlan(fileItem('a', { verdict: 'refuse' }), fileItem('b'));
      await reopen();
      expect(ledger.findApproval()).toEqual(approval);
      expect([...ledger.listApprovedLines()]).toEqual(lines);
      const now = [...ledger.listPlanLines()];
      expect(now.map(({ digest }, index) => digest === lines[index]?.digest)).toEqual([false, true]);
    });

    it('keeps runs and outcomes; a later outcome replaces an earlier one', async () => {
      writePlan(fileItem('a'), fileItem('b'));
      ledger.startRun(run);
      ledger.recordOutcome(run.runId, { itemId: 'file:raw/a', status: 'failed', message: 'first' });
      ledger.recordOutcome(run.runId, { itemId: 'file:raw/a', status: 'verified', proof: 'end-to-end' });
      ledger.finishRun(run.runId, 'finished', 9);
      await reopen();
      expect(ledger.findRun(run.runId)).toEqual({ ...run, status: 'finished', finishedAtMs: 9 });
      expect(ledger.findOutcome(run.runId, 'file:raw/a')).toEqual({
        itemId: 'file:raw/a',
        status: 'verified',
        proof: 'end-to-end',
      });
      expect([...ledger.listOutcomes(run.runId, { kind: 'file' })].map(({ outcome }) => outcome?.status)).toEqual([
        'verified',
        undefined,
      ]);
      expect([...ledger.listOutcomes(run.runId, { status: 'verified', scope: 'rh.salarie' })]).toHaveLength(1);
    });

    it('lists runs newest first', () => {
      ledger.startRun(run);
      ledger.startRun({ ...run, runId: runId('r2'), startedAtMs: 6 });
      expect(ledger.listRuns().map((each) => each.runId)).toEqual(['r2', 'r1']);
    });

    it('keeps uploads with their parts until they are forgotten', async () => {
      ledger.putUpload(upload);
      ledger.putPart(address, {
        partNumber: 2,
        etag: 'e2',
        crc32c: 'c',
        sizeBytes: 4,
        chunkCrcs: new Uint8Array([1, 2, 3, 4]),
      });
      ledger.putPart(address, {
        partNumber: 1,
        etag: 'e1',
        crc32c: 'c',
        sizeBytes: 5,
        chunkCrcs: new Uint8Array([9, 8, 7, 6]),
      });
      await reopen();
      expect(ledger.findUpload(address)).toEqual(upload);
      expect([...ledger.listUploads()]).toEqual([upload]);
      expect([...ledger.listParts(address)].map((part) => [part.partNumber, ...part.chunkCrcs])).toEqual([
        [1, 9, 8, 7, 6],
        [2, 1, 2, 3, 4],
      ]);
      ledger.putUpload({ ...upload, uploadId: 'newer' });
      expect([...ledger.listParts(address)]).toEqual([]);
      await reopen();
      ledger.forgetUpload(address);
      expect(ledger.findUpload(address)).toBeUndefined();
      ledger.putPart(address, { partNumber: 3, etag: 'e', crc32c: 'c', sizeBytes: 1, chunkCrcs: new Uint8Array(4) });
      ledger.forgetUpload(address);
      expect([...ledger.listParts(address)]).toEqual([]);
    });

    it('keeps the last conversion of a table with its files, until it is forgotten', async () => {
      const conversion: Conversion = {
        scope: 'rh.salarie',
        id: 'c1',
        state: 's',
        shape: 'h',
        location: 's3://raw/rh/salarie/c1/',
        staged: { name: { database: 'staging', table: 't' }, folder: hdfsPath('/staging/t') },
        partitions: [['été', '1']],
        rows: '9007199254740993',
        isDropped: false,
      };
      const staged = ['b=1/000001_0', 'a=1/000000_0'].map((relative) => ({
        file: fileItem(relative).source,
        relative,
      }));
      ledger.putConversion(conversion, staged);
      await reopen();
      expect(ledger.findConversion('rh.salarie')).toEqual(conversion);
      expect([...ledger.listStagedFiles('rh.salarie')]).toEqual(staged.toReversed());
      ledger.putConversion({ ...conversion, isDropped: true });
      expect(ledger.findConversion('rh.salarie')).toMatchObject({ isDropped: true });
      expect([...ledger.listStagedFiles('rh.salarie')]).toHaveLength(2);
      ledger.putConversion({ ...conversion, id: 'c2' }, staged.slice(0, 1));
      expect([...ledger.listStagedFiles('rh.salarie')]).toHaveLength(1);
      ledger.forgetConversion('rh.salarie');
      expect(ledger.findConversion('rh.salarie')).toBeUndefined();
      expect([...ledger.listStagedFiles('rh.salarie')]).toEqual([]);
    });

    it('keeps the hash of a plan that is further along', () => {
      const first = writePlan(fileItem('a'));
      const writer = ledger.writePlan();
      for (const item of ledger.listItems({})) writer.add(item);
      writer.add(fileItem('b'));
      expect(writer.finish(first.hash)).toMatchObject({ hash: first.hash, totals: { file: { copy: { count: 2 } } } });
      expect(ledger.findPlan()?.hash).toBe(first.hash);
    });

    it('keeps objects and documents by name', async () => {
      const object: ObjectRecord = {
        address,
        sourcePath: '/x',
        version: upload.version,
        etag: 'e',
        crc32c: 'c',
        sourceChecksum: undefined,
        proof: 'target-only',
        runId: run.runId,
      };
      ledger.putObject(object);
      ledger.putDocument(run.runId, 'reconciliation', { verdict: 'identical' });
      await reopen();
      expect(ledger.findObject(address)).toEqual(object);
      expect(ledger.findDocument(run.runId, 'reconciliation')).toEqual({ verdict: 'identical' });
      expect(ledger.findDocument(run.runId, 'nothing')).toBeUndefined();
    });
  });
}
