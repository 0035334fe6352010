import type { PlanItem } from '../../domain/plan.ts';
import { MANY_FILES, SMALL_FILE_BYTES } from '../../domain/small-files.ts';

/** Prices and speeds that a forecast is reckoned with; prices differ by region and change, so that they are parameters. */
interface ForecastRates {
  /** Bytes that a run moves in a second, all parts together. */
  readonly bytesPerSecond: number;
  /** Files that a run starts in a second when they are small. */
  readonly filesPerSecond: number;
  /** A larger file goes up in parts of this size. */
  readonly partSizeBytes: number;
  readonly usdPerThousandPuts: number;
  readonly usdPerGigabyteMonth: number;
}

/** S3 Standard in eu-west-3 (list price), and what one modest machine reaches. */
export const DEFAULT_RATES: ForecastRates = {
  bytesPerSecond: 100_000_000,
  filesPerSecond: 100,
  partSizeBytes: 16 * 1024 * 1024,
  usdPerThousandPuts: 0.0053,
  usdPerGigabyteMonth: 0.024,
};

interface ScopeForecast {
  readonly scope: string;
  readonly files: number;
  readonly sizeBytes: number;
  readonly averageFileBytes: number;
  /** Many files, and small on average: engines spend more time opening than reading them. */
  readonly hasSmallFiles: boolean;
}

export interface Forecast {
  readonly files: number;
  readonly sizeBytes: number;
  readonly largestFileBytes: number;
  /** Uploads, parts and completions; copying reads nothing back. */
  readonly putRequests: number;
  readonly requestUsd: number;
  readonly storageUsdPerMonth: number;
  readonly durationSeconds: number;
  /** In the order of scopes. */
  readonly scopes: readonly ScopeForecast[];
}

const GIGABYTE = 1024 ** 3;

/** Sizes, cost and duration of copying a plan. Takes the items one by one: memory does not grow with their number. */
export function forecastPlan(items: Iterable<PlanItem>, rates: ForecastRates = DEFAULT_RATES): Forecast {
  const scopes = new Map<string, { files: number; sizeBytes: number }>();
  const sum = { files: 0, sizeBytes: 0, largestFileBytes: 0, putRequests: 0 };
  for (const item of items) {
    if (item.kind !== 'file' || item.verdict !== 'copy') continue;
    const { sizeBytes } = item.source;
    const scope = scopes.get(item.scope) ?? { files: 0, sizeBytes: 0 };
    scopes.set(item.scope, { files: scope.files + 1, sizeBytes: scope.sizeBytes + sizeBytes });
    sum.files += 1;
    sum.sizeBytes += sizeBytes;
    sum.largestFileBytes = Math.max(sum.largestFileBytes, sizeBytes);
    sum.putRequests += putsFor(sizeBytes, rates.partSizeBytes);
  }
  return {
    ...sum,
    requestUsd: (sum.putRequests / 1000) * rates.usdPerThousandPuts,
    storageUsdPerMonth: (sum.sizeBytes / GIGABYTE) * rates.usdPerGigabyteMonth,
    durationSeconds: Math.max(sum.sizeBytes / rates.bytesPerSecond, sum.files / rates.filesPerSecond),
    scopes: [...scopes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([scope, totals]) => scopeForecast(scope, totals)),
  };
}

/** One PUT, or one request to start, one per part and one to complete. */
function putsFor(sizeBytes: number, partSizeBytes: number): number {
  return sizeBytes <= partSizeBytes ? 1 : 2 + Math.ceil(sizeBytes / partSizeBytes);
}

function scopeForecast(scope: string, { files, sizeBytes }: { files: number; sizeBytes: number }): ScopeForecast {
  const averageFileBytes = Math.round(sizeBytes / files);
  return {
    scope,
    files,
    sizeBytes,
    averageFileBytes,
    hasSmallFiles: files >= MANY_FILES && averageFileBytes < SMALL_FILE_BYTES,
  };
}
