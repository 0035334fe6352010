import type { NamePattern } from './access-policy.ts';

/** Ranger fills `{USER}` and the like in at every request: what such a name reaches is not known beforehand. */
const MACRO = /\{[^}]*\}/;

export type Match = 'yes' | 'no' | 'maybe';

/**
 * Whether a pattern reaches a name, by RangerDefaultResourceMatcher's rules (`*` any characters, `?` one, case ignored, excludes).
 * `maybe` for names that Ranger completes at run time.
 */
export function matchName(pattern: NamePattern, name: string): Match {
  if (pattern.values.some((value) => MACRO.test(value))) return 'maybe';
  const isListed = pattern.values.some((value) => wildcard(value).test(name));
  return isListed !== pattern.isExcludes ? 'yes' : 'no';
}

/** True when every name is reached, now and later. */
export function reachesEverything(pattern: NamePattern): boolean {
  return !pattern.isExcludes && pattern.values.some((value) => /^\*+$/.test(value));
}

/** True when the pattern may reach names other than those known. */
export function reachesBeyond(pattern: NamePattern, known: ReadonlySet<string>): boolean {
  return pattern.isExcludes || pattern.values.some((value) => /[*?{]/.test(value) || !known.has(value.toLowerCase()));
}

const compiled = new Map<string, RegExp>();

function wildcard(value: string): RegExp {
  const known = compiled.get(value);
  if (known !== undefined) return known;
  const source = value
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/\?/g, '[^]');
  const pattern = new RegExp(`^${source}$`, 'iu');
  compiled.set(value, pattern);
  return pattern;
}
