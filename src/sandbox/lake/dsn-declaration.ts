import { ibanOf, withLuhnDigit } from './invented-numbers.ts';
import type { drawPerson } from './people.ts';
import { two, type Random } from './random.ts';

type Rubric = readonly [code: string, value: string];

export interface DsnMember {
  readonly matricule: string;
  readonly person: ReturnType<typeof drawPerson>;
}

export interface DsnDeclaration {
  /** DDMMYYYY, the first of the month. */
  readonly month: string;
  readonly members: readonly DsnMember[];
}

/** Below 000 010 000, where no company is registered: its SIREN, and the NIC that makes a SIRET of it. */
const EMPLOYER = withLuhnDigit('00000001');
const NIC = withLuhnDigit(`${EMPLOYER}0001`).slice(EMPLOYER.length);
/** What it pays contributions to. */
const COLLECTOR = withLuhnDigit(`${withLuhnDigit('00000002')}0001`);

/**
 * A DSN of one employer that does not exist, as it is sent: one rubric a line, CRLF, ISO-8859-1, its rubrics counted at its end. S10.G00.00.005 = 01 marks a test.
 * The tree is whole: an absence belongs to a contract, pay to an individual.
 */
export function dsnText(declarations: readonly DsnDeclaration[], random: Random): string {
  const rubrics: Rubric[] = [...envelope(), ...declarations.flatMap((one) => declaration(one, random))];
  rubrics.push(['S90.G00.90.001', String(rubrics.length + 2)], ['S90.G00.90.002', String(declarations.length)]);
  return rubrics.map(([code, value]) => `${code},'${value}'\r\n`).join('');
}

function envelope(): Rubric[] {
  return [
    ['S10.G00.00.001', 'lakelift'],
    ['S10.G00.00.005', '01'],
    ['S10.G00.00.006', 'P24V01'],
    ['S10.G00.00.008', '01'],
    ['S10.G00.01.001', EMPLOYER],
    ['S10.G00.01.002', NIC],
    ['S10.G00.01.003', "SOCIETE D'EXEMPLE"],
    ['S10.G00.02.001', '02'],
    ['S10.G00.02.002', 'Exemple, Camille'],
  ];
}

function declaration({ month, members }: DsnDeclaration, random: Random): Rubric[] {
  return [
    ['S20.G00.05.001', '01'],
    ['S20.G00.05.002', '01'],
    ['S20.G00.05.005', month],
    ['S21.G00.06.001', EMPLOYER],
    ['S21.G00.06.002', NIC],
    ['S21.G00.11.001', NIC],
    ['S21.G00.11.008', String(members.length)],
    ['S21.G00.20.001', COLLECTOR],
    ['S21.G00.20.004', ibanOf('0000000000194')],
    ['S21.G00.20.005', `${members.length * 900}.00`],
    ...members.flatMap((member) => individual(member, month, random)),
  ];
}

function individual({ matricule, person }: DsnMember, month: string, random: Random): Rubric[] {
  const [year = '', birthMonth = '', day = ''] = person.birthDate.split('-');
  return [
    ['S21.G00.30.001', person.nir],
    ['S21.G00.30.002', latin1(person.lastName)],
    ['S21.G00.30.004', latin1(person.firstName)],
    ['S21.G00.30.005', person.isWoman ? '02' : '01'],
    // Some people know the year of their birth only.
    ['S21.G00.30.006', random.chance(0.01) ? `9999${year}` : `${day}${birthMonth}${year}`],
    ['S21.G00.30.007', latin1(person.town)],
    ['S21.G00.30.008', latin1(person.street)],
    ['S21.G00.30.009', person.postalCode],
    ['S21.G00.30.014', person.nir.slice(5, 7)],
    ['S21.G00.30.019', matricule],
    ['S21.G00.40.001', `01${two(random.integer(1, 12))}${random.integer(2001, 2023)}`],
    ['S21.G00.40.004', '543g'],
    ['S21.G00.40.006', "Chargé(e) d'indemnisation"],
    ['S21.G00.40.007', random.pick(['01', '02', '29'])],
    ['S21.G00.40.009', `C${matricule}`],
    ['S21.G00.40.012', '151.67'],
    ['S21.G00.40.013', random.pick(['151.67', '121.33'])],
    ...(random.chance(0.1) ? absence(month, random) : []),
    ...pay(month, random),
  ];
}

function absence(month: string, random: Random): Rubric[] {
  const day = (from: number, to: number): string => two(random.integer(from, to)) + month.slice(2);
  const isPartTime = random.chance(0.2);
  return [
    ['S21.G00.60.001', random.pick(['01', '02', '06'])],
    ['S21.G00.60.002', day(1, 9)],
    ['S21.G00.60.003', day(10, 19)],
    ['S21.G00.60.010', day(20, 28)],
    ['S21.G00.60.011', isPartTime ? '02' : '01'],
    ...(isPartTime ? ([['S21.G00.66.001', day(20, 28)]] as const) : []),
  ];
}

function pay(month: string, random: Random): Rubric[] {
  const net = random.amount(1800, 6200);
  const last = `28${month.slice(2)}`;
  return [
    ['S21.G00.50.001', last],
    ['S21.G00.50.002', net],
    ['S21.G00.50.004', net],
    ['S21.G00.50.006', random.amount(0, 30)],
    ['S21.G00.51.001', month],
    ['S21.G00.51.002', last],
    ['S21.G00.51.011', '001'],
    ['S21.G00.51.013', random.amount(2300, 7900)],
  ];
}

/** The characters that ISO-8859-1 has; declarations spell the others without. */
function latin1(name: string): string {
  return name.replace(/œ/g, 'oe').replace(/ễ/g, 'e');
}
