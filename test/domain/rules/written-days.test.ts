import { describe, expect, it } from 'vitest';
import { columnsWithDays, writtenDays } from '../../../src/domain/rules/written-days.ts';
import type { WriterMarks } from '../../../src/domain/writer-marks/writer-marks.ts';

const COLUMNS = [
  { name: 'id', type: 'int' },
  { name: 'jour', type: 'date' },
  { name: 'vu', type: 'array<struct<le:timestamp>>' },
];

function ruling(marks: Partial<WriterMarks>, { foundByHive = [] as string[], isAccepted = false } = {}) {
  const { notes, problem } = writtenDays(COLUMNS, [{ oldColumns: [], codecs: [], ...marks }], {
    foundByHive,
    isAccepted,
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
    expect(ruling(marks, { isAccepted: true })).toEqual({ notes: ['DAYS_BEFORE_1582'], problem: undefined });
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
    expect(ruling(times, { foundByHive: ['jour'] })).toEqual({ notes: ['DAYS_CALENDAR'], problem: undefined });
    expect(
      ruling({ dayCalendar: 'hybrid', timeCalendar: 'proleptic' }, { foundByHive: ['vu'] }).problem,
    ).toBeUndefined();
  });

  it('are told by all files: one in the calendar of that time is enough, and what Hive found counts for it', () => {
    const file = (dayCalendar?: 'hybrid' | 'proleptic', oldColumns: string[] = []): WriterMarks => ({
      ...(dayCalendar === undefined ? {} : { dayCalendar, timeCalendar: dayCalendar }),
      oldColumns,
      codecs: [],
    });
    const told = (files: readonly WriterMarks[], foundByHive: readonly string[] = []) => {
      const { notes, problem } = writtenDays(COLUMNS, files, { foundByHive, isAccepted: false });
      return problem?.text.replace(/^.*: /, '') ?? notes.map(({ code }) => code).join(' ');
    };
    expect(told([file('proleptic', ['jour']), file('hybrid')])).toBe('DAYS_CALENDAR');
    expect(told([file('proleptic'), file('hybrid', ['jour']), file('hybrid', ['vu'])])).toBe('jour, vu');
    expect(told([file('proleptic'), file('hybrid')], ['jour'])).toBe('jour');
    expect(told([file('proleptic'), file()], ['jour'])).toBe('DAYS_CALENDAR');
    expect(told([file('proleptic')], ['jour'])).toBe('');
    expect(told([], ['jour'])).toBe('');
  });

  it('name columns of ORC that Hive 1 numbered by their name', () => {
    const { problem } = writtenDays(COLUMNS, [{ dayCalendar: 'hybrid', oldColumns: ['_col1'], codecs: [] }], {
      foundByHive: ['jour'],
      isAccepted: false,
    });
    expect(problem?.text).toMatch(/: jour$/);
  });

  it.each(['UTC', 'Etc/UTC', 'GMT', 'Z'])('say nothing of a writer on %s', (timeZone) => {
    expect(ruling({ timeZone }).notes).toEqual([]);
  });

  it('name the zone of any other writer where there are timestamps', () => {
    expect(ruling({ timeZone: 'Europe/Paris' }).notes).toEqual(['TIMESTAMP_ZONE']);
    const named = { name: 'champ', type: 'struct<timestamp:string>' };
    const { notes } = writtenDays(
      [...COLUMNS.slice(0, 2), named],
      [{ timeZone: 'Europe/Paris', oldColumns: [], codecs: [] }],
      { foundByHive: [], isAccepted: false },
    );
    expect(notes).toEqual([]);
  });
});
