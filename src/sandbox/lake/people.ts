import { two, type Random } from './random.ts';

/** An invented person; every value is drawn, none is taken from anywhere. */
interface Person {
  readonly lastName: string;
  readonly firstName: string;
  readonly isWoman: boolean;
  readonly birthDate: string;
  /** 13 characters, as the DSN carries it: without key. */
  readonly nir: string;
  readonly postalCode: string;
  readonly town: string;
  readonly street: string;
  readonly email: string;
  readonly phone: string;
}

const LAST_NAMES = [
  'Martin',
  'Lefèvre',
  "D'Hervé",
  'Garçon',
  'Müller',
  'Nuñez',
  'Le Goff',
  'Bœuf',
  'Ozèle',
  'Traoré',
  'Nguyễn',
  'Châtel',
  'Pître',
  'Saint-Aubin',
];
const WOMEN = ['Zoé', 'Anaïs', 'Chloé', 'Inès', 'Maëlle', 'Aïcha', 'Jeanne', 'Hélène'];
const MEN = ['Noël', 'Loïc', 'Gaël', 'Jérôme', 'François', 'Mehdi', 'Théo', 'Côme'];
const TOWNS = [
  ['75011', 'Paris 11e'],
  ['69003', 'Lyon 3e'],
  ['13001', 'Marseille 1er'],
  ['29200', 'Brest'],
  ['20000', 'Ajaccio'],
  ['97400', 'Saint-Denis'],
  ['88200', 'Saint-Étienne-lès-Remiremont'],
  ['95110', "L'Haÿ"],
] as const;
const STREETS = ['rue des Lilas', 'avenue de la République', "impasse de l'Église", 'quai Été', 'chemin "Le Clos"'];

export function drawPerson(random: Random): Person {
  const isWoman = random.chance(0.5);
  const lastName = random.pick(LAST_NAMES);
  const firstName = random.pick(isWoman ? WOMEN : MEN);
  const birthDate = random.date(1958, 2004);
  const [postalCode, town] = random.pick(TOWNS);
  return {
    lastName,
    firstName,
    isWoman,
    birthDate,
    nir: drawNir(random, isWoman, birthDate),
    postalCode,
    town,
    street: `${random.integer(1, 120)} ${random.pick(STREETS)}`,
    email: `${plain(firstName)}.${plain(lastName)}@example.org`,
    phone: `0${random.integer(6, 7)}${String(random.integer(0, 99_999_999)).padStart(8, '0')}`,
  };
}

/** Sex, year and month of birth, département, commune, order. No commune of the mainland has a code of 950 or more (INSEE): the number is nobody's. */
function drawNir(random: Random, isWoman: boolean, birthDate: string): string {
  const [year = '', month = ''] = birthDate.split('-');
  const department = two(random.integer(1, 95)).replace('20', '21');
  const commune = String(random.integer(950, 989));
  const order = String(random.integer(1, 980)).padStart(3, '0');
  return `${isWoman ? 2 : 1}${year.slice(2)}${month}${department}${commune}${order}`;
}

/** The two digits behind a NIR: 97 less the rest of its division by 97 (INSEE). */
export function nirKey(nir: string): string {
  return two(Number(97n - (BigInt(nir) % 97n)));
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/œ/g, 'oe')
    .replace(/[^a-zA-Z-]/g, '')
    .toLowerCase();
}
