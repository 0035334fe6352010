type Value = string | number | boolean | undefined | readonly Value[] | { readonly [key: string]: Value };

/** A value as Python writes it; JSON's escapes of texts are Python's too. */
export function literal(value: Value): string {
  if (value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(', ')}}`;
}

/** A call; arguments by name that are undefined are left out. */
export function call(name: string, given: readonly string[], named: Readonly<Record<string, Value>>): string {
  const pairs = Object.entries(named).filter(([, value]) => value !== undefined);
  return `${name}(${[...given, ...pairs.map(([key, value]) => `${key}=${literal(value)}`)].join(', ')})`;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
