/** How an application reads a dataset by key: rows as items of one table of DynamoDB a use case, found by what their keys are made of. */
export interface Serving {
  readonly key: ItemKey;
  /** Further ways to find them, by name; datasets of a use case share indexes of one name. */
  readonly indexes: Readonly<Record<string, ItemKey>>;
}

/** Texts with columns in braces: `SECTEUR#{secteur}`. */
export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}

/** Names of the attributes that hold a key; of the table itself where no index is named. */
export function keyAttributes(index?: string): { readonly partition: string; readonly sort: string } {
  const prefix = index === undefined ? '' : `${index}_`;
  return { partition: `${prefix}pk`, sort: `${prefix}sk` };
}

/** Which dataset an item comes from. */
export const DATASET_ATTRIBUTE = 'dataset';

/** Columns of a served dataset that items of its table have no room for: attributes of keys, of others' indexes too, and the one that tells datasets apart, have their names. */
export function columnsInTheWay(columns: readonly string[], servings: readonly Serving[]): string[] {
  const indexes = servings.flatMap((serving) => Object.keys(serving.indexes));
  const keys = [undefined, ...indexes].map(keyAttributes);
  const taken = new Set([DATASET_ATTRIBUTE, ...keys.flatMap(({ partition, sort }) => [partition, sort])]);
  return columns.filter((column) => taken.has(column));
}

const COLUMN = /\{([a-z][a-z0-9_]*)\}/g;

export function columnsOfKey({ partition, sort }: ItemKey): string[] {
  return [...`${partition}${sort}`.matchAll(COLUMN)].map(([, column]) => column!);
}

export type Row = Readonly<Record<string, string | undefined>>;

/** undefined where one of its columns is NULL or empty: such a row is not in that index. */
export function keyOf({ partition, sort }: ItemKey, row: Row): { partition: string; sort: string } | undefined {
  const values = columnsOfKey({ partition, sort }).map((column) => row[column]);
  if (values.some((value) => value === undefined || value === '')) return undefined;
  const fill = (template: string) => template.replace(COLUMN, (_, column: string) => escaped(row[column]!));
  return { partition: fill(partition), sort: fill(sort) };
}

/** `#` parts a key: within a value it would let two keys be one. */
function escaped(value: string): string {
  return value.replace(/[%#]/g, (char) => (char === '%' ? '%25' : '%23'));
}
