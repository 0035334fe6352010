export type Language = 'en' | 'fr';

const UNITS: Record<Language, readonly string[]> = {
  en: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'],
  fr: ['o', 'ko', 'Mo', 'Go', 'To', 'Po'],
};

/** Making one costs more than using it a hundred times. */
const formats = (language: Language) => ({
  whole: new Intl.NumberFormat(language),
  tenths: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
  threeDigits: new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }),
});
const FORMATS = { en: formats('en'), fr: formats('fr') };

/** Decimal units, three significant digits: `1.25 GB`, `1,25 Go`. */
export function formatBytes(sizeBytes: number, language: Language): string {
  const power = sizeBytes < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(sizeBytes) / 3));
  const { whole, threeDigits } = FORMATS[language];
  const number = (power === 0 ? whole : threeDigits).format(sizeBytes / 1000 ** power);
  return `${number}\u00a0${UNITS[language][power]!}`;
}

/** Takes decimal text as well, for counts beyond 2^53. */
export function formatCount(count: number | string, language: Language): string {
  return FORMATS[language].whole.format(typeof count === 'string' ? BigInt(count) : count);
}

/** Dollars, the currency of AWS's price lists: `$1.25`, `0,0048 $US`. */
export function formatUsd(usd: number, language: Language): string {
  const digits = usd === 0 || usd >= 1 ? { minimumFractionDigits: 2 } : { maximumSignificantDigits: 2 };
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', ...digits }).format(usd);
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`. */
export function formatDuration(durationMs: number, language: Language): string {
  if (durationMs < 1000) return `${Math.round(durationMs)}\u00a0ms`;
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${FORMATS[language].tenths.format(seconds)}\u00a0s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0min ${two(seconds % 60)}\u00a0s`;
  return `${Math.floor(seconds / 3600)}\u00a0h ${two((seconds % 3600) / 60)}\u00a0min`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Long date and time, always in UTC so that a report reads the same everywhere. */
export function formatTime(iso: string | number, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(new Date(iso))} UTC`;
}

/** The day of a time in milliseconds since 1970, in UTC, as a long date. */
export function formatDay(timeMs: number, language: Language): string {
  return formatDate(new Date(timeMs).toISOString().slice(0, 10), language);
}

/** `YYYY-MM-DD` as a long date. */
export function formatDate(day: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'fr-FR', { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}
