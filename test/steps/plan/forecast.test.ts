import { describe, expect, it } from 'vitest';
import { hdfsPath, s3Key } from '../../../src/domain/names.ts';
import type { FileItem } from '../../../src/domain/plan.ts';
import { DEFAULT_RATES, forecastPlan } from '../../../src/steps/plan/forecast.ts';

const MIB = 1024 * 1024;

function file(scope: string, sizeBytes: number, verdict: FileItem['verdict'] = 'copy'): FileItem {
  const source = {
    path: hdfsPath('/f'),
    sizeBytes,
    modifiedAtMs: 0,
    blockSizeBytes: 1,
    isEncrypted: false,
    isErasureCoded: false,
    owner: '',
    group: '',
    permission: '644',
  };
  return { kind: 'file', id: 'file:x', scope, verdict, source, target: { bucket: 'b', key: s3Key('k') } };
}

describe('the forecast of a plan', () => {
  it('counts one request for a small file and one per part, plus two, for a large one', () => {
    const forecast = forecastPlan([file('a', 16 * MIB), file('a', 16 * MIB + 1), file('a', 0), file('a', 5, 'refuse')]);
    expect(forecast).toMatchObject({ files: 3, putRequests: 1 + 4 + 1, largestFileBytes: 16 * MIB + 1 });
    expect(forecast.requestUsd).toBeCloseTo((6 / 1000) * DEFAULT_RATES.usdPerThousandPuts, 10);
  });

  it('is bound by bytes for large files and by their number for small ones', () => {
    const rates = { ...DEFAULT_RATES, bytesPerSecond: 1000, filesPerSecond: 2 };
    expect(forecastPlan([file('a', 5000)], rates).durationSeconds).toBe(5);
    expect(forecastPlan([file('a', 1), file('a', 1)], rates).durationSeconds).toBe(1);
  });

  it('finds tables of many small files', () => {
    const small = Array.from({ length: 150 }, () => file('small', 1000));
    const large = Array.from({ length: 150 }, () => file('large', 64 * MIB));
    const { scopes } = forecastPlan([...small, ...large, file('few', 10)]);
    expect(scopes.map(({ scope, hasSmallFiles }) => [scope, hasSmallFiles])).toEqual([
      ['few', false],
      ['large', false],
      ['small', true],
    ]);
  });
});
