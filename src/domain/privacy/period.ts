/** Of a period of ISO 8601 without a time: `P1Y6M10D`. */
interface Period {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/** What it does not name is 0. */
export function parsePeriod(period: string): Period {
  const part = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(period)?.[1] ?? 0);
  return { years: part('Y'), months: part('M'), days: part('D') };
}
