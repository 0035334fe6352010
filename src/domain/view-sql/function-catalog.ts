import { AGGREGATE_FUNCTIONS } from './aggregate-functions.ts';
import type { FunctionRule } from './call-context.ts';
import { COLLECTION_FUNCTIONS } from './collection-functions.ts';
import { CONDITIONAL_FUNCTIONS } from './conditional-functions.ts';
import { DATE_FUNCTIONS } from './date-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

const RULES = new Map<string, FunctionRule>(
  [
    TEXT_FUNCTIONS,
    DATE_FUNCTIONS,
    NUMBER_FUNCTIONS,
    COLLECTION_FUNCTIONS,
    CONDITIONAL_FUNCTIONS,
    AGGREGATE_FUNCTIONS,
  ].flatMap((functions) => Object.entries(functions)),
);

/** Functions that are translated, by the names that Hive gives them. */
export const FUNCTION_NAMES: readonly string[] = [...RULES.keys()];

const WINDOWED = new Set(Object.keys(AGGREGATE_FUNCTIONS));

/** How a function of Hive is written for Athena; undefined when lakelift does not know that it gives the same. */
export function findFunction(name: string): FunctionRule | undefined {
  return RULES.get(name);
}

export function takesWindow(name: string): boolean {
  return WINDOWED.has(name);
}

const LAST_DIGIT = 'its last digit may differ between the engines';
const UNCERTAIN: Readonly<Record<string, string>> = {
  rand: 'it gives other values each time',
  percentile: 'Athena has no exact percentile',
  percentile_approx: 'the approximations of the two engines differ',
  current_timestamp: 'it is an instant in the time zone of the cluster',
  months_between: 'Athena has no such function',
  ln: LAST_DIGIT,
  log: LAST_DIGIT,
  log10: LAST_DIGIT,
  log2: LAST_DIGIT,
  exp: LAST_DIGIT,
  pow: LAST_DIGIT,
  power: LAST_DIGIT,
  map_keys: 'the order of keys is not the same in both engines',
  map_values: 'the order of values is not the same in both engines',
};

/** Why a call is not translated. */
export function whyUnknown(name: string): string {
  const why = UNCERTAIN[name];
  if (why !== undefined) return `${name}: ${why}`;
  return name.includes('.')
    ? `${name} is a function of your own (UDF): Athena runs functions only as Lambda, so write what it does into the view`
    : `the function ${name} is not among those known to give the same in Athena; if it is one of your own (UDF), write what it does into the view`;
}
