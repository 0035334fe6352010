const NAMES = {
  rows: ['numRows', 'spark.sql.statistics.numRows'],
  files: ['numFiles'],
  bytes: ['totalSize', 'spark.sql.statistics.totalSize'],
} as const;
type Measure = keyof typeof NAMES;

/** What a catalog says that a table or partition holds, by the name of the parameter that says it. */
export type Claims = Readonly<Record<string, string>>;

/** What it does hold, as decimal text; a measure that nobody took is left out. */
export type Holdings = Readonly<Partial<Record<Measure, string>>>;

/** The statistics among the parameters of a table or partition, as Hive (`StatsSetupConst`) and Spark write them; undefined for none. */
export function claimsOf(parameters: Readonly<Record<string, string>>): Claims | undefined {
  const names = Object.values(NAMES).flat();
  const claims = names.filter((name) => isKnown(parameters[name])).map((name) => [name, parameters[name]!] as const);
  return claims.length === 0 ? undefined : Object.fromEntries(claims);
}

/** -1 stands for "not known". */
function isKnown(value: string | undefined): boolean {
  return value !== undefined && value !== '-1' && value !== '';
}

/** Claims that could be compared with what is there, and those of them that are not true. */
export function compareClaims(
  claims: Claims,
  holdings: Holdings,
): {
  readonly compared: number;
  readonly untrue: readonly { readonly name: string; readonly claimed: string; readonly held: string }[];
} {
  const measures = Object.entries(NAMES) as [Measure, readonly string[]][];
  const pairs = measures.flatMap(([measure, names]) => {
    const held = holdings[measure];
    if (held === undefined) return [];
    return names.filter((name) => claims[name] !== undefined).map((name) => ({ name, claimed: claims[name]!, held }));
  });
  return { compared: pairs.length, untrue: pairs.filter(({ claimed, held }) => claimed !== held) };
}
