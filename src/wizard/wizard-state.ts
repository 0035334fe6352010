import { ZONES, COLUMN_CLASSES, type ColumnClass, type Zone } from '../domain/mapping.ts';

/** The way from nothing to an accepted report, in its order. */
export const STEPS = [
  'connect',
  'check',
  'choose',
  'describe',
  'tables',
  'folders',
  'script',
  'zones',
  'columns',
  'mapping',
  'plan',
  'run',
  'accept',
  'end',
] as const;
export type StepName = (typeof STEPS)[number];

/** Connections stay; and nothing runs a second time without its plan being agreed to. */
const NEVER_GONE_BACK_TO: ReadonlySet<StepName> = new Set(['connect', 'check', 'run']);

/** What a person says of a new use case; the script is written from it. */
export interface UseCaseDraft {
  readonly id: string;
  readonly titleFr: string;
  readonly titleEn: string;
  readonly owner: string;
  readonly wave: string;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly consumers: string;
}

/** Decisions on the mapping that are not written yet. */
export interface Decisions {
  readonly zones: Readonly<Record<string, Zone>>;
  readonly classes: Readonly<Record<string, Readonly<Record<string, ColumnClass>>>>;
  /** What values showed them to be treated as, where a class is given: by table and column. */
  readonly treats?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** All that is not in the files of the project; kept in the state directory, so that the wizard can be left at any point. */
export interface WizardState {
  readonly step: StepName;
  readonly useCase?: string | undefined;
  /** Present while a new use case is being described. */
  readonly draft?: Partial<UseCaseDraft> | undefined;
  readonly tables: readonly string[];
  readonly paths: readonly string[];
  readonly decisions: Decisions;
  /** Hash of the plan that was agreed to. */
  readonly planHash?: string | undefined;
  /** Steps that were taken, the last one last. */
  readonly taken: readonly StepName[];
}

export const START: WizardState = {
  step: 'connect',
  tables: [],
  paths: [],
  decisions: { zones: {}, classes: {} },
  taken: [],
};

/** What came out of a step. */
export type Move =
  | { readonly kind: 'done'; readonly change?: Partial<WizardState>; readonly to?: StepName }
  | { readonly kind: 'again'; readonly change?: Partial<WizardState> }
  | { readonly kind: 'back' };

/** Where a move leads: to the step named or the next one; back leads to the step before that the person took. */
export function moved(state: WizardState, move: Move): WizardState {
  switch (move.kind) {
    case 'again':
      return { ...state, ...move.change };
    case 'back': {
      const before = state.taken.at(-1);
      return before === undefined ? state : { ...state, step: before, taken: state.taken.slice(0, -1) };
    }
    case 'done': {
      const step = move.to ?? STEPS[STEPS.indexOf(state.step) + 1] ?? 'end';
      const taken = NEVER_GONE_BACK_TO.has(state.step) ? state.taken : [...state.taken, state.step];
      return { ...state, ...move.change, step, taken };
    }
  }
}

/** Reads what was kept; undefined for what this version does not understand. */
export function readState(json: unknown): WizardState | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const kept = json as Partial<WizardState>;
  const isKnown = STEPS.some((step) => step === kept.step) && Array.isArray(kept.tables) && Array.isArray(kept.paths);
  if (!isKnown || typeof kept.decisions !== 'object' || !Array.isArray(kept.taken)) return undefined;
  const zones = Object.values(kept.decisions.zones ?? {});
  const classes = Object.values(kept.decisions.classes ?? {}).flatMap((columns) => Object.values(columns));
  const areKnown = zones.every((zone) => ZONES.includes(zone)) && classes.every((one) => COLUMN_CLASSES.includes(one));
  return areKnown ? (kept as WizardState) : undefined;
}
