import { ibanOf, withLuhnDigit } from './invented-numbers.ts';
import { drawPerson, nirKey } from './people.ts';
import { two, type Random } from './random.ts';

/** A value of a row, before a format writes it. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [field: string]: Cell };

/** Draws one value; `row` counts from 0 through all files of the table. */
export type CellMaker = (random: Random, row: Row) => Cell;

/** A row being drawn: what its cells have in common. */
export class Row {
  readonly index: number;
  #person: ReturnType<typeof drawPerson> | undefined;
  readonly #random: Random;

  constructor(index: number, random: Random) {
    this.index = index;
    this.#random = random;
  }

  /** The one person that the row is about. */
  get person(): ReturnType<typeof drawPerson> {
    return (this.#person ??= drawPerson(this.#random));
  }
}

/**
 * Reads what a column holds, said in a word or two: `id`, `ref 9000`, `int 1 30`, `real 0 1`, `amount 50 9000`, `date 2019 2023`, `time 2024`,
 * `pick vol|incendie`, `list prix|délai`, `flag`, `point`, `text`, or a fact of a person (`nir`, `iban`, `email`, `phone`, `lastName`…).
 * A `?` behind leaves a fifth of the values out.
 */
export function cellMaker(words: string): CellMaker {
  const isOptional = words.endsWith('?');
  const [kind = '', ...rest] = (isOptional ? words.slice(0, -1) : words).split(' ');
  const make = makerOf(kind, rest);
  return isOptional ? (random, row) => (random.chance(0.2) ? null : make(random, row)) : make;
}

function makerOf(kind: string, rest: readonly string[]): CellMaker {
  const [least = 0, most = 0] = rest.map(Number);
  const words = rest.join(' ').split('|');
  const kinds: Readonly<Record<string, CellMaker>> = {
    id: (_, row) => row.index + 1,
    ref: (random) => random.integer(1, least),
    int: (random) => random.integer(least, most),
    real: (random) => Math.round((least + random.next() * (most - least)) * 1e4) / 1e4,
    amount: (random) => random.amount(least, most),
    date: (random) => random.date(least, most),
    time: (random) => `${random.date(least, least)} ${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:00`,
    pick: (random) => random.pick(words),
    list: (random) => words.filter(() => random.chance(0.4)),
    flag: (random) => random.chance(0.5),
    point: (random) => ({
      lat: 43 + Math.round(random.next() * 7e4) / 1e4,
      lon: Math.round(random.next() * 6e4) / 1e4,
    }),
    text: (random) => random.pick(REMARKS),
    code: (random) => `${rest[0] ?? ''}${String(random.integer(1, 99_999)).padStart(5, '0')}`,
    iban: (random) => drawIban(random),
    siret: (random) => drawSiret(random),
    ...PERSONAL,
  };
  const make = kinds[kind];
  if (make === undefined) throw new RangeError(`a column of the lake cannot hold "${kind}"`);
  return make;
}

const PERSONAL: Readonly<Record<string, CellMaker>> = {
  nir: (_, { person }) => person.nir,
  /** With its two-digit key, as it stands on a card. */
  nirWithKey: (_, { person }) => person.nir + nirKey(person.nir),
  lastName: (_, { person }) => person.lastName,
  firstName: (_, { person }) => person.firstName,
  birthDate: (_, { person }) => person.birthDate,
  sex: (_, { person }) => (person.isWoman ? 'F' : 'M'),
  email: (_, { person }) => person.email,
  phone: (_, { person }) => person.phone,
  street: (_, { person }) => person.street,
  postalCode: (_, { person }) => person.postalCode,
  town: (_, { person }) => person.town,
};

const REMARKS = [
  'à rappeler après 18 h',
  'pièce manquante : RIB',
  'expert à mandater – dégât des eaux',
  'client « très » mécontent',
  'réglé à l’amiable',
  'dossier complet',
];

function drawIban(random: Random): string {
  return ibanOf(`${String(random.integer(1, 99_999_999_999)).padStart(11, '0')}${two(random.integer(1, 97))}`);
}

/** Below 000 010 000, where no company is registered. */
function drawSiret(random: Random): string {
  const [company, place] = [random.integer(1, 9999), random.integer(1, 9999)];
  return withLuhnDigit(`00000${String(company).padStart(4, '0')}${String(place).padStart(4, '0')}`);
}
