import type { AssessedItem, AssessedUseCase, RankReason, Severity } from './assessment.ts';
import { SEVERITIES } from './assessment.ts';
import { addUsage, type FolderUsage } from './folder-usage.ts';

/** What the scripts of a project say. */
export interface NamedUseCase {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly owner: string;
  readonly wave: number;
}

/** Person-days of one wave, unless told. */
export const DAYS_PER_WAVE = 15;

type Standing = Omit<AssessedUseCase, 'rank' | 'reasons' | 'proposedWave'> & { readonly personalColumns: number };

/**
 * Puts use cases in the order of their quick wins (least effort first; what others' views need never after them) and cuts the order into
 * waves of about `daysPerWave`. The order rests on effort, sharing and size alone: what a use case is worth, its owner knows.
 */
export function rankUseCases(
  useCases: readonly NamedUseCase[],
  items: readonly AssessedItem[],
  daysPerWave = DAYS_PER_WAVE,
): AssessedUseCase[] {
  const standings = new Map(useCases.map((useCase) => [useCase.id, standingOf(useCase, items)]));
  const ordered = inOrder([...standings.values()]);
  let spentDays = 0;
  let wave = 1;
  return ordered.map((standing, index) => {
    if (spentDays > 0 && spentDays + standing.effortDays > daysPerWave) {
      wave += 1;
      spentDays = 0;
    }
    spentDays += standing.effortDays;
    const { personalColumns, ...useCase } = standing;
    return { ...useCase, rank: index + 1, reasons: reasonsFor(useCase, personalColumns), proposedWave: wave };
  });
}

function standingOf(useCase: NamedUseCase, all: readonly AssessedItem[]): Standing {
  const items = all.filter(({ useCases }) => useCases.includes(useCase.id));
  const nothing: FolderUsage = { files: 0, sizeBytes: 0, smallFiles: 0 };
  return {
    id: useCase.id,
    title: useCase.title,
    owner: useCase.owner,
    wave: useCase.wave,
    items: items.map(({ name }) => name),
    usage: items.reduce((sum, { usage }) => (usage === undefined ? sum : addUsage(sum, usage)), nothing),
    findings: countFindings(items),
    shared: items
      .filter(({ useCases }) => useCases.length > 1)
      .map(({ name, useCases }) => ({ item: name, with: useCases.filter((id) => id !== useCase.id) })),
    needs: needsOf(useCase.id, items, all),
    effortDays: Math.round(items.reduce((sum, { effortDays }) => sum + effortDays, 0) * 10) / 10,
    personalColumns: items.reduce((sum, { personalColumns }) => sum + personalColumns, 0),
  };
}

export function countFindings(items: readonly AssessedItem[]): Record<Severity, number> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { findings } of items) for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Where its views read tables that it does not bring along itself. */
function needsOf(id: string, items: readonly AssessedItem[], all: readonly AssessedItem[]): string[] {
  const own = new Set(items.map(({ name }) => name));
  const read = new Set(items.flatMap(({ reads }) => reads).filter((name) => !own.has(name)));
  const bringers = all.filter(({ name }) => read.has(name)).flatMap(({ useCases }) => useCases.slice(0, 1));
  return [...new Set(bringers)].filter((one) => one !== id).sort();
}

/** Least effort first, small before large, by name; each after what it needs, unless they need each other. */
function inOrder(standings: readonly Standing[]): Standing[] {
  const waiting = [...standings].sort(
    (a, b) => a.effortDays - b.effortDays || a.usage.sizeBytes - b.usage.sizeBytes || (a.id < b.id ? -1 : 1),
  );
  const ordered: Standing[] = [];
  while (waiting.length > 0) {
    const isReady = ({ needs }: Standing): boolean => !waiting.some(({ id }) => needs.includes(id));
    const next = Math.max(0, waiting.findIndex(isReady));
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

const SMALL_BYTES = 10e9;
const LARGE_BYTES = 10e12;
const MANY_PERSONAL_COLUMNS = 20;

function reasonsFor(useCase: Omit<Standing, 'personalColumns'>, personalColumns: number): RankReason[] {
  const { findings, usage, shared, needs, items } = useCase;
  const open = findings.decision;
  const is: readonly (readonly [RankReason, boolean])[] = [
    ['blocked', findings.blocking > 0],
    ['nothing-to-decide', findings.blocking === 0 && open === 0],
    ['little-to-decide', open > 0 && open <= 2],
    ['much-to-decide', open > 2],
    ['small', usage.sizeBytes < SMALL_BYTES],
    ['large', usage.sizeBytes > LARGE_BYTES],
    ['stands-alone', shared.length === 0 && needs.length === 0 && items.length > 0],
    ['shares-tables', shared.length > 0],
    ['needs-others-first', needs.length > 0],
    ['no-personal-data', personalColumns === 0],
    ['many-personal-columns', personalColumns >= MANY_PERSONAL_COLUMNS],
  ];
  return is.filter(([, holds]) => holds).map(([reason]) => reason);
}
