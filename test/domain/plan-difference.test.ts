import { describe, expect, it } from 'vitest';
import { comparePlans, type PlanLine } from '../../src/domain/plan-difference.ts';

function line(id: string, differing: Partial<PlanLine> = {}): PlanLine {
  return { id, kind: 'file', scope: 'rh.sites', verdict: 'copy', sizeBytes: 10, digest: 'd', ...differing };
}

describe('the difference between two plans', () => {
  it('names what was added, what is gone, and what changed in verdict, size or content', () => {
    const approved = [
      line('file:a'),
      line('file:b'),
      line('file:c'),
      line('file:d'),
      line('table:t', { kind: 'table' }),
    ];
    const now = [
      line('file:a'),
      line('file:b', { sizeBytes: 11, digest: 'e' }),
      line('file:d', { digest: 'e' }),
      line('file:é'),
      line('table:t', { kind: 'table', verdict: 'refuse', digest: 'e' }),
    ];
    const { added, removed, changed } = comparePlans(approved, now);
    expect(added).toEqual({ total: 1, shown: [line('file:é')] });
    expect(removed).toEqual({ total: 1, shown: [line('file:c')] });
    expect(changed.total).toBe(3);
    expect(changed.shown.map(({ after, what }) => [after.id, what])).toEqual([
      ['file:b', 'size'],
      ['file:d', 'content'],
      ['table:t', 'verdict'],
    ]);
  });

  it('is empty between equal plans, and between none', () => {
    const empty = {
      added: { total: 0, shown: [] },
      removed: { total: 0, shown: [] },
      changed: { total: 0, shown: [] },
    };
    expect(comparePlans([line('file:a')], [line('file:a')])).toEqual(empty);
    expect(comparePlans([], [])).toEqual(empty);
  });

  it('counts all and shows the first of each kind, so that files do not hide tables', () => {
    const files = Array.from({ length: 2000 }, (_, index) => line(`file:${String(index).padStart(4, '0')}`));
    const { added } = comparePlans([], [...files, line('table:t', { kind: 'table' })]);
    expect(added.total).toBe(2001);
    expect(added.shown.length).toBeLessThan(20);
    expect(added.shown.at(-1)?.id).toBe('table:t');
  });

  it('pairs ids in the order of UTF-8 bytes, as the ledger gives them', () => {
    const ids = ['file:z', 'file:\u{ff21}', 'file:\u{1f600}'];
    const all = ids.map((id) => line(id));
    expect(comparePlans(all, all).added.total).toBe(0);
    expect(comparePlans(all.slice(1), all).added.shown.map(({ id }) => id)).toEqual(['file:z']);
  });
});
