import { describe, expect, it } from 'vitest';
import type { Reason, Verdict } from '../../../src/domain/plan.ts';
import { FilesLeftOut } from '../../../src/steps/plan/files-left-out.ts';
import { sourceFile } from './memory-source.ts';

type Ruled = readonly [path: string, verdict: Verdict, code: string];

const rulingOn = (files: readonly Ruled[]) => {
  const leftOut = new FilesLeftOut();
  for (const [path, verdict, code] of files) {
    const reason: Reason = { code, text: `because of ${path}`, hint: 'mend it' };
    leftOut.add({ verdict, source: sourceFile(path, 1), ...(verdict === 'copy' ? {} : { reason }) });
  }
  return leftOut.ruling;
};

describe('files of a partition that are not taken over', () => {
  it('say nothing where there are none', () => {
    expect(rulingOn([])).toBeUndefined();
    expect(rulingOn([['/a', 'copy', '']])).toBeUndefined();
  });

  it('are counted, with reason and hint of the first by its path', () => {
    const asked: Ruled[] = [
      ['/b', 'needs-decision', 'PERSONAL_NAME'],
      ['/a', 'needs-decision', 'PERSONAL_NAME'],
    ];
    const ruling = {
      verdict: 'needs-decision',
      reason: {
        code: 'PERSONAL_NAME',
        text: '2 of its files are left out, and it is not registered without their rows: because of /a',
        hint: 'mend it',
      },
    };
    expect(rulingOn([...asked, ['/0', 'copy', '']])).toEqual(ruling);
    expect(rulingOn(asked.toReversed())).toEqual(ruling);
  });

  it('are those first that no answer in the mapping mends', () => {
    const ruling = rulingOn([
      ['/a', 'needs-decision', 'PERSONAL_NAME'],
      ['/b', 'refuse', 'KEY_TOO_LONG'],
    ]);
    expect(ruling).toMatchObject({ verdict: 'refuse', reason: { code: 'KEY_TOO_LONG' } });
  });
});
