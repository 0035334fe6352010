import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { datasetDigest, standingDigests } from '../../../src/domain/privacy/dataset-digest.ts';
import { describeStanding, type FoundDataset, type FoundTable } from '../../../src/domain/privacy/describe-standing.ts';
import { executionOutcomes } from '../../../src/domain/privacy/execution-record.ts';
import { functionCalls, smallFilesPrivacy, type FunctionCall } from '../../../src/domain/privacy/function-figures.ts';
import { jobFigures } from '../../../src/domain/privacy/job-figures.ts';
import { planDatasets } from '../../../src/domain/privacy/plan-datasets.ts';
import { isToLookAt } from '../../../src/domain/privacy/standing-report.ts';
import { smallMapping } from '../../steps/zones/small-lake.ts';
import { calls, result } from '../../steps/zones/function-results.ts';
import { aDataset } from './a-dataset.ts';

/** As json.dumps of a job writes them. */
const FIGURES =
  '{"dataset": "people", "run": "nightly", "inQuarantine": {"dsn_rh.individu": 2}, "sourceRows": 9, "k": 2, "l": 2, "suppressedRows": 3, "smallestClass": 2, "leastDiversity": null, "blankedRows": 1, "blankedCells": 2, "warnings": {"unique service": 4}, "rows": 6}';

describe('figures of a job', () => {
  it('are read as it has left them, and a figure that it could not count is none', () => {
    const { rows, ...counted } = jobFigures(FIGURES, 'people')!;
    expect(rows).toBe(6);
    expect(counted).toMatchObject({
      run: 'nightly',
      sourceRows: 9,
      leastDiversity: undefined,
      inQuarantine: { 'dsn_rh.individu': 2 },
    });
    expect(jobFigures('{"dataset": "people", "sourceRows": 9}', 'people')).toMatchObject({
      rows: undefined,
      suppressedRows: 0,
    });
    expect(jobFigures('{"dataset": "people", "sourceRows": 9, "k": 5}', 'people')!.suppressedRows).toBeUndefined();
  });

  it.each([undefined, '', '{"dataset": ', '[]', 'null', '{"dataset": "others", "rows": 1}', '{"rows": 1}'])(
    'are none where the table says %s',
    (parameter) => expect(jobFigures(parameter, 'people')).toBeUndefined(),
  );
});

describe('the record of an execution', () => {
  it('is that of a state machine, by stages, or that of a DAG', () => {
    const stages = {
      stage1: { people: { outcome: 'made', files: 3 } },
      stage2: { sums: { outcome: 'failed', error: 'Refused' } },
    };
    const machine = executionOutcomes(JSON.stringify({ run: 'r', endedAt: '2026-11-26T08:00:00.5Z', stages }));
    expect(machine.get('people')).toMatchObject({
      run: 'r',
      endedAt: '2026-11-26T08:00:00.500Z',
      outcome: 'made',
      files: 3,
    });
    expect(machine.get('sums')).toMatchObject({ outcome: 'failed', error: 'Refused' });
    const dag = executionOutcomes(
      JSON.stringify({ run: 'manual__1', datasets: { people: 'not-attempted', odd: 'else' } }),
    );
    expect([...dag]).toEqual([['people', expect.objectContaining({ run: 'manual__1', outcome: 'not-attempted' })]]);
    for (const text of ['', '{}', '[]', '{"run":"r","stages":[1,null]}']) expect(executionOutcomes(text).size).toBe(0);
  });
});

describe('what files of a dataset a build has written', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const file = (folder: string, body: string) => ({ name: `${folder}part-00000.parquet`, sha256: sha256(body) });

  it('is known again by the digest of its report, in whichever order they are listed', () => {
    const values = ['2023', 'é', '\u{1f600}', '\ufffd'];
    const built = [
      ...values.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      '__HIVE_DEFAULT_PARTITION__',
    ];
    const digest = datasetDigest(built.map((value) => ({ values: [value], sha256: sha256(value) })));
    const listed = built.toReversed().map((value) => file(`mois=${value}/`, value));
    expect(standingDigests(listed)).toContain(digest);
    expect(standingDigests(listed.slice(1))).not.toContain(digest);
    expect(standingDigests([file('', 'one')])).toContain(sha256('one'));
  });

  it('does not count what stands emptied beside them', () => {
    const digest = datasetDigest([{ values: ['a'], sha256: sha256('a') }]);
    expect(standingDigests([file('x=a/', 'a'), file('x=b/', 'empty'), file('x=c/', 'empty')])).toContain(digest);
    const ofJob = { name: 'part-00000-5f.zstd.parquet', sha256: sha256('empty') };
    expect(standingDigests([file('', 'one'), ofJob])).toContain(sha256('one'));
    expect(standingDigests([file('', 'one'), ofJob, { ...ofJob, sha256: sha256('rows') }])).toEqual([]);
    expect(standingDigests([{ ...ofJob, name: 'elsewhere/part-00000.parquet' }])).toEqual([]);
  });
});

describe('results of functions', () => {
  const at = (minute: number): string => `2026-11-26T08:${String(minute).padStart(2, '0')}:00.000Z`;
  const ms = (minute: number): number => Date.parse(at(minute));
  const place = { table: 'cleaned_rh.people_small_files', pseudonyms: undefined, wholeAt: undefined };
  const taken = (source: string, minute: number, figures: object = {}): FunctionCall =>
    functionCalls(calls(result({ key: source, at: at(minute), answer: { source, ...figures } })))[0]!;
  const failedAt = (key: string, minute: number): FunctionCall =>
    functionCalls(calls(result({ key, at: at(minute) })))[0]!;
  const FIGURES_OF_ONE = {
    sourceRows: 10,
    rows: 8,
    suppressedRows: 2,
    k: 5,
    smallestClass: 6,
    inQuarantine: 1,
    warnings: { 'not-null service': 1 },
  };

  it('are summed up over the objects that stand as they were written', () => {
    const beside = smallFilesPrivacy({
      ...place,
      objects: new Map([
        ['a', ms(1)],
        ['b', ms(2)],
        ['c', ms(9)],
        ['d', undefined],
        ['e', ms(1)],
      ]),
      calls: [
        taken('b', 3, { ...FIGURES_OF_ONE, smallestClass: 5 }),
        taken('a', 2, FIGURES_OF_ONE),
        taken('c', 4, FIGURES_OF_ONE),
        taken('d', 4, FIGURES_OF_ONE),
        taken('gone', 4, FIGURES_OF_ONE),
      ],
    });
    // What was written anew since, what nobody can tell of, and what no call is on record of.
    expect(beside).toMatchObject({ objects: 5, withoutFigures: 3, failed: 0 });
    expect(beside!.figures).toEqual({
      ...{
        objects: 2,
        lastAt: at(3),
        sourceRows: 20,
        rows: 16,
        suppressedRows: 4,
        inQuarantine: 2,
        k: 5,
        smallestClass: 5,
      },
      warnings: [{ text: 'not-null service', failing: 2 }],
    });
  });

  it('are those of the last call of an object, and what it failed on is counted once', () => {
    const again = [
      failedAt('a', 1),
      taken('a', 2, FIGURES_OF_ONE),
      failedAt('b', 1),
      failedAt('b', 2),
      taken('c', 1, FIGURES_OF_ONE),
      failedAt('c', 5),
    ];
    const beside = smallFilesPrivacy({
      ...place,
      objects: new Map([
        ['a', ms(2)],
        ['c', ms(1)],
      ]),
      calls: again,
    });
    expect(beside).toMatchObject({ objects: 2, withoutFigures: 0, failed: 2, figures: { objects: 2, rows: 16 } });
    const since = smallFilesPrivacy({ ...place, objects: new Map(), calls: again, wholeAt: at(3) });
    expect(since).toMatchObject({ objects: 0, failed: 1, figures: undefined });
    expect(smallFilesPrivacy({ ...place, objects: new Map(), calls: again, wholeAt: at(6) })).toBeUndefined();
  });

  it('count objects that left no row until a whole build has read them', () => {
    const none = taken('a', 2, {
      sourceRows: 4,
      rows: 0,
      suppressedRows: 4,
      k: 5,
      smallestClass: null,
      inQuarantine: 0,
      warnings: {},
    });
    const beside = smallFilesPrivacy({ ...place, objects: new Map(), calls: [none] });
    expect(beside!.figures).toMatchObject({ objects: 1, rows: 0, suppressedRows: 4, smallestClass: undefined });
    expect(smallFilesPrivacy({ ...place, objects: new Map(), calls: [none], wholeAt: at(3) })).toBeUndefined();
  });

  it.each(['', '{}', '[1, null, {}]', '[{"Status": "SUCCEEDED", "Input": "{}", "StopDate": "x"}]'])(
    'are none of %s',
    (text) => {
      expect(functionCalls(text)).toEqual([]);
    },
  );
});

describe('a dataset as it stands', () => {
  const mapping = {
    paths: {},
    ...smallMapping({
      'rh.people': { types: {}, columns: { service: { class: 'public' }, note: { class: 'free-text' } }, lines: [] },
    }),
  };
  const dataset = aDataset({
    ...{ from: 'rh.people', columns: { note: { treat: 'drop' } }, notAnonymous: undefined },
    anonymity: { k: 2, over: ['service'], onFailure: 'suppress' },
    checks: [{ rule: 'unique', columns: ['service'], severity: 'warn' }],
  });
  const [planned] = planDatasets([dataset], mapping);
  const declared = { planned: planned!, scheme: undefined, leftOut: [] };
  const table: FoundTable = { columns: ['SERVICE'], pseudonyms: undefined, figures: undefined, k: 2 };
  const file = { isMarked: false, modifiedAtMs: Date.parse('2026-11-26T08:00:00Z') };
  const marked = { ...file, isMarked: true };
  const smallFiles = { table: 'cleaned_rh.people_small_files', pseudonyms: undefined, objects: new Map(), calls: [] };
  const describeIt = (found: Partial<FoundDataset>) =>
    describeStanding(declared, {
      table,
      files: [file],
      earlier: undefined,
      lastExecution: undefined,
      smallFiles,
      ...found,
    });
  const ofJob: FoundTable = { ...table, figures: FIGURES.replace('"l": 2, ', '') };

  it('has the figures that its job has left', () => {
    const found = describeIt({ table: ofJob });
    expect(found).toMatchObject({
      ...{ sourceRows: 9, suppressedRows: 3, rows: 6, blanked: { rows: 1, cells: 2 }, searched: ['service'] },
      anonymity: { over: ['service'], k: 2, smallestClass: 2, onFailure: 'suppress' },
      checks: [{ text: 'service unique', severity: 'warn', failing: 4 }],
      standing: { madeBy: 'job', run: 'nightly', writtenAt: '2026-11-26T08:00:00.000Z', remarks: [] },
    });
    expect(isToLookAt(found)).toBe(false);
  });

  it.each([
    ['absent', 'unknown', { table: 'absent', files: [] }],
    ['foreign', 'unknown', { table: 'foreign', files: [] }],
    ['cut-off', 'unknown', { table: ofJob, files: [file, marked] }],
    ['no-figures', 'job', {}],
    ['no-figures', 'build', { files: [marked] }],
    ['no-figures', 'unknown', { files: [] }],
    ['changed-since', 'job', { table: ofJob, files: [marked] }],
    ['other-columns', 'job', { table: { ...ofJob, columns: ['service', 'note'] } }],
    ['other-anonymity', 'job', { table: { ...ofJob, figures: FIGURES.replace('"k": 2', '"k": 3') } }],
    ['other-anonymity', 'job', { table: { ...ofJob, figures: FIGURES } }],
    ['other-pseudonyms', 'job', { table: { ...ofJob, pseudonyms: 'hmac-sha256-128 rh v1' } }],
  ] as const)('is to be looked at where it is %s (%s)', (remark, madeBy, found) => {
    const told = describeIt(found);
    expect(told.standing).toMatchObject({ madeBy, remarks: [remark] });
    expect(isToLookAt(told)).toBe(true);
    if (madeBy === 'unknown') expect(told).toMatchObject({ rows: undefined, anonymity: undefined, searched: [] });
  });

  it('says what was asked for where nothing is known of what was reached', () => {
    const told = describeIt({});
    expect(told).toMatchObject({
      anonymity: { k: 2 },
      rows: undefined,
      sourceRows: undefined,
      suppressedRows: undefined,
    });
    expect(told.anonymity!.smallestClass).toBeUndefined();
  });

  it('is to be looked at where the last execution has failed, or has not come to it', () => {
    const of = (outcome: 'made' | 'kept' | 'failed' | 'not-attempted') =>
      isToLookAt(describeIt({ table: ofJob, lastExecution: { run: 'r', outcome } }));
    expect([of('made'), of('kept'), of('failed'), of('not-attempted')]).toEqual([false, false, true, true]);
  });
});
