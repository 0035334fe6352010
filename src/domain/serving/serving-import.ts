/** What stands in the bucket for the refresh of the table to read: which import is the latest. */
export interface ServingImport {
  /** Of the items as they were made: the same items are the same version, and the same table. */
  readonly version: string;
  readonly bucket: string;
  /** Of the files, which import as one. */
  readonly prefix: string;
  /** The refresh takes a table with another number of them away. */
  readonly items: number;
  readonly datasets: Readonly<Record<string, number>>;
  /** Schemes of all versions so far, as tables of datasets name them; undefined where no dataset has pseudonyms. */
  readonly pseudonyms?: string | undefined;
}

export function textOfImport(made: ServingImport): string {
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** undefined for what `serve` did not write. */
export function parseImport(text: string): ServingImport | undefined {
  try {
    const made = JSON.parse(text) as Partial<ServingImport> | null;
    const isOurs = typeof made?.prefix === 'string' && typeof made.datasets === 'object';
    return isOurs ? (made as ServingImport) : undefined;
  } catch {
    return undefined;
  }
}

/** Once items are gone from files of it: `counts` has what is left in each. */
export function withCounts(made: ServingImport, counts: Readonly<Record<string, number>>): ServingImport {
  const datasets = { ...made.datasets, ...counts };
  return { ...made, datasets, items: Object.values(datasets).reduce((sum, count) => sum + count, 0) };
}
