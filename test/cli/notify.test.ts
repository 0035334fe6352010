import { describe, expect, it } from 'vitest';
import { notificationOf } from '../../src/cli/notify.ts';

const good = { useCase: 'absences', exitCode: 0, hasBegun: true, files: 12, sizeBytes: 3e9 };

describe('what is told after a batch', () => {
  it('begins with what did not end well, in the language of the command', () => {
    const results = [
      good,
      { ...good, useCase: 'churn', exitCode: 4 },
      { ...good, useCase: 'dsn', exitCode: 8, hasBegun: false },
    ];
    const { title, lines, isGood } = notificationOf(results, 'fr');
    expect(title).toBe('lakelift: 1 cas d’usage sur 3 se sont bien terminés.');
    expect(lines.map((line) => line.split(',')[0])).toEqual([
      'churn: DIFFÈRE (code 4)',
      'dsn: non commencé (code 8)',
      'absences: tout est bon (code 0)',
    ]);
    expect(isGood).toBe(false);
  });

  it('stays short, whatever the number of use cases', () => {
    const { lines } = notificationOf(
      Array.from({ length: 200 }, () => good),
      'en',
    );
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('… +180');
  });
});
