import type { Numbers } from './hybrid.ts';
import { notRewritten } from './not-rewritten.ts';
import type { PageContent } from './page-content.ts';
import { keptPlain } from './plain-values.ts';
import type { Leaf } from './schema-leaves.ts';

/** What is left of a data page. */
export interface KeptContent {
  readonly entries: number;
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  /** As PLAIN has them, or indexes into the dictionary as it was. */
  readonly values: Numbers;
}

/** Tells entries of rows that stay from those of rows that are erased, from page to page of one chunk: of a repeated column a row may go on in the next. */
export class RowsOfEntries {
  readonly #isErased: Uint8Array;
  #row = -1;

  /** 1 for each row of the row group that is erased, else 0. */
  constructor(isErased: Uint8Array) {
    this.#isErased = isErased;
  }

  /** 1 for each entry of the next page that stays, else 0. */
  kept({ entries, repetition }: PageContent): Uint8Array {
    const isKept = new Uint8Array(entries);
    for (let at = 0; at < entries; at += 1) {
      if (repetition === undefined || repetition[at] === 0) this.#row += 1;
      const isErased = this.#isErased[this.#row];
      if (isErased === undefined) throw notRewritten('has entries outside its rows');
      isKept[at] = 1 - isErased;
    }
    return isKept;
  }

  expectEnd(): void {
    const [rows, all] = [this.#row + 1, this.#isErased.length];
    if (rows !== all) throw notRewritten(`has entries of ${rows} rows in a row group of ${all}`);
  }
}

export function keptContent(content: PageContent, isKept: Uint8Array, leaf: Leaf): KeptContent {
  const { repetition, definition, values } = content;
  const isValueKept = definition === undefined ? isKept : valuesKept(definition, isKept, leaf.maxDefinition);
  return {
    entries: isKept.reduce((sum, one) => sum + one, 0),
    repetition: repetition && keptNumbers(repetition, isKept),
    definition: definition && keptNumbers(definition, isKept),
    values: values instanceof Uint32Array ? keptNumbers(values, isValueKept) : keptPlain(values, isValueKept, leaf),
  };
}

/** Of each entry that has a value, that is one of the largest definition level, whether it stays. */
function valuesKept(definition: Uint8Array, isKept: Uint8Array, most: number): Uint8Array {
  const isValueKept = new Uint8Array(isKept.length);
  let count = 0;
  for (let at = 0; at < isKept.length; at += 1) {
    if (definition[at] !== most) continue;
    isValueKept[count] = isKept[at]!;
    count += 1;
  }
  return isValueKept.subarray(0, count);
}

/** In a loop, since `filter` of typed arrays takes ten times as long. */
function keptNumbers<T extends Numbers>(numbers: T, isKept: Uint8Array): T {
  const kept = numbers.slice();
  let count = 0;
  for (let at = 0; at < numbers.length; at += 1) {
    if (isKept[at] === 0) continue;
    kept[count] = numbers[at]!;
    count += 1;
  }
  return kept.subarray(0, count) as T;
}
