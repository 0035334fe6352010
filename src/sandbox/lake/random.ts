/** The same name gives the same numbers, on every machine and in every run. */
export class Random {
  #state: number;

  constructor(name: string) {
    // FNV-1a, so that neighbouring names start far apart.
    let hash = 0x811c9dc5;
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    this.#state = hash >>> 0;
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number between both, inclusive. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length - 1)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** `yyyy-mm-dd` between the two years, inclusive. */
  date(firstYear: number, lastYear: number): string {
    return `${this.integer(firstYear, lastYear)}-${two(this.integer(1, 12))}-${two(this.integer(1, 28))}`;
  }

  /** With two decimals. */
  amount(least: number, most: number): string {
    return (this.integer(least * 100, most * 100) / 100).toFixed(2);
  }
}

export function two(value: number): string {
  return String(value).padStart(2, '0');
}
