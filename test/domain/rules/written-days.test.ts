import { describe, expect, it } from 'vitest';
import { columnsWithDays, writtenDays } from '../../../src/domain/rules/written-days.ts';
import type { SampledMarks } from '../../../src/domain/writer-marks/sampled-file.ts';

const COLUMNS = [
  { name: 'id', type: 'int' },
  { name: 'jour', type: 'date' },
  { name: 'vu', type: 'array<struct<le:timestamp>>' },
];

const NOTHING: SampledMarks = { path: '/w/t/000000_0', oldColumns: [], codecs: [] };

function ruling(
  marks: Partial<SampledMarks>,
  { foundByHive = [], answer }: { foundByHive?: readonly string[]; answer?: 'keep' | 'keep-int96' } = {},
) {
  const { notes, problem } = writtenDays(COLUMNS, [{ ...NOTHING, ...marks }], {
    foundByHive,
    answer,
  });
  return { notes: notes.map(({ code }) => code), problem: problem?.code };
}

describe('days and times as they were written', () => {
  it('are looked at where a column holds them at whatever depth', () => {
    expect(columnsWithDays(COLUMNS)).toEqual(['jour', 'vu']);
    expect(columnsWithDays([{ name: 'date_text', type: 'string' }])).toEqual([]);
    const named = ['struct<date:string,timestamp:int>', 'map<string,struct<`date`:string>>'];
    expect(columnsWithDays(named.map((type, index) => ({ name: String(index), type })))).toEqual([]);
    expect(columnsWithDays([{ name: 'm', type: 'map<date,int>' }])).toEqual(['m']);
  });

  it('wait for a decision where the file holds days that Athena would show as others', () => {
    const marks = { dayCalendar: 'hybrid', oldColumns: ['jour'] } as const;
    expect(ruling(marks)).toEqual({ notes: [], problem: 'DAYS_BEFORE_1582' });
    expect(ruling(marks, { answer: 'keep' })).toEqual({ notes: ['DAYS_BEFORE_1582'], problem: undefined });
    expect(ruling({ dayCalendar: 'hybrid' }, { foundByHive: ['jour'] }).problem).toBe('DAYS_BEFORE_1582');
  });

  it('are noted where nobody knows of such days', () => {
    expect(ruling({ dayCalendar: 'hybrid' })).toEqual({ notes: ['DAYS_CALENDAR'], problem: undefined });
  });

  it('need nothing said in the calendar of today', () => {
    expect(ruling({ dayCalendar: 'proleptic', oldColumns: ['jour'] })).toEqual({ notes: [], problem: undefined });
  });

  it('are noted where there are such days and the file does not say how they are written', () => {
    expect(ruling({ oldColumns: ['jour'] })).toEqual({ notes: ['DAYS_CALENDAR'], problem: undefined });
    expect(ruling({})).toEqual({ notes: [], problem: undefined });
  });

  it('are those of timestamps where a file counts these by another calendar than days', () => {
    const times = { dayCalendar: 'proleptic', timeCalendar: 'hybrid' } as const;
    expect(ruling(times).notes).toEqual(['DAYS_CALENDAR']);
    expect(ruling(times, { foundByHive: ['vu'] }).problem).toBe('DAYS_BEFORE_1582');
    const answered = (answer: 'keep' | 'keep-int96', marks = times as Partial<SampledMarks>) =>
      ruling(marks, { foundByHive: ['vu'], answer });
    expect(answered('keep-int96')).toEqual({ notes: ['DAYS_BEFORE_1582'], problem: undefined });
    expect(answered('keep').problem).toBeUndefined();
    expect(answered('keep-int96', { dayCalendar: 'hybrid', timeCalendar: 'hybrid' }).problem).toBe('DAYS_BEFORE_1582');
    expect(ruling(times, { foundByHive: ['jour'] })).toEqual({ notes: ['DAYS_CALENDAR'], problem: undefined });
    expect(
      ruling({ dayCalendar: 'hybrid', timeCalendar: 'proleptic' }, { foundByHive: ['vu'] }).problem,
    ).toBeUndefined();
  });

  it('are told by all files: one in the calendar of that time is enough, and what Hive found counts for it', () => {
    const file = (dayCalendar?: 'hybrid' | 'proleptic', oldColumns: string[] = []): SampledMarks => ({
      ...NOTHING,
      ...(dayCalendar === undefined ? {} : { dayCalendar, timeCalendar: dayCalendar }),
      oldColumns,
    });
    const told = (files: readonly SampledMarks[], foundByHive: readonly string[] = []) => {
      const { notes, problem } = writtenDays(COLUMNS, files, { foundByHive, answer: undefined });
      return problem?.text.replace(/^.*: /, '') ?? notes.map(({ code }) => code).join(' ');
    };
    expect(told([file('proleptic', ['jour']), file('hybrid')])).toBe('DAYS_CALENDAR');
    expect(told([file('proleptic'), file('hybrid', ['jour']), file('hybrid', ['vu'])])).toBe('jour, vu');
    expect(told([file('proleptic'), file('hybrid')], ['jour'])).toBe('jour');
    expect(told([file('proleptic'), file()], ['jour'])).toBe('DAYS_CALENDAR');
    expect(told([file('proleptic')], ['jour'])).toBe('');
    expect(told([], ['jour'])).toBe('');
  });

  it('name a file, how many of those looked at are like it, and the partitions of these and of what Hive found', () => {
    const file = (partition: string, dayCalendar: 'hybrid' | 'proleptic'): SampledMarks => ({
      ...NOTHING,
      path: `/w/t/${partition}/000000_0`,
      partition,
      dayCalendar,
      oldColumns: ['jour'],
    });
    const files = [file('p=3', 'proleptic'), file('p=2', 'hybrid'), file('p=1', 'hybrid')];
    const found = { foundByHive: ['jour'], foundIn: { count: 9, names: ['p=1', 'p=2', 'p=7'] }, answer: undefined };
    expect(writtenDays(COLUMNS, files, found).problem?.text).toContain(
      '(2 of 3 files looked at, such as "/w/t/p=2/000000_0", of the partitions "p=1", "p=2"; Hive counted such days in 9 partitions, such as "p=1", "p=2", "p=7"): jour',
    );
  });

  it('name columns of ORC that Hive 1 numbered by their name', () => {
    const { problem } = writtenDays(COLUMNS, [{ ...NOTHING, dayCalendar: 'hybrid', oldColumns: ['_col1'] }], {
      foundByHive: ['jour'],
      answer: undefined,
    });
    expect(problem?.text).toMatch(/: jour$/);
  });

  it.each(['UTC', 'Etc/UTC', 'GMT', 'Z'])('say nothing of a writer on %s', (timeZone) => {
    expect(ruling({ timeZone }).notes).toEqual([]);
  });

  it('name the zone of any other writer where there are timestamps', () => {
    expect(ruling({ timeZone: 'Europe/Paris' }).notes).toEqual(['TIMESTAMP_ZONE']);
    const named = { name: 'champ', type: 'struct<timestamp:string>' };
    const { notes } = writtenDays([...COLUMNS.slice(0, 2), named], [{ ...NOTHING, timeZone: 'Europe/Paris' }], {
      foundByHive: [],
      answer: undefined,
    });
    expect(notes).toEqual([]);
  });
});
