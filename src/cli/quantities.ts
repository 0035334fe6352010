import type { Language } from './words.ts';

const UNITS: Record<Language, readonly string[]> = {
  en: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'],
  fr: ['o', 'ko', 'Mo', 'Go', 'To', 'Po'],
};

/** Decimal units, three significant digits: `1.25 GB`, `1,25 Go`. */
export function formatBytes(sizeBytes: number, language: Language): string {
  const power = sizeBytes < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(sizeBytes) / 3));
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: power === 0 ? 4 : 3 }).format(
    sizeBytes / 1000 ** power,
  );
  return `${number} ${UNITS[language][power]!}`;
}

export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(language).format(count);
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`. */
export function formatDuration(durationMs: number, language: Language): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(Math.floor(seconds % 60))} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
