import type { Result } from './race.ts';

type Column = readonly [title: string, cell: (results: readonly Result[]) => string];

const NAME: Column = ['', ([first]) => first!.contender];
const PROOF: Column = ['compares with HDFS', ([first]) => first!.proof];
const MEMORY: Column = ['peak memory, MB', (results) => middle(results, (one) => one.peakMemoryBytes / 1e6).toFixed(0)];

const LARGE: readonly Column[] = [
  NAME,
  ['MB/s', (results) => spread(results, megabytesPerSecond, 0)],
  ['client CPU s/GB', (results) => spread(results, cpuPerGigabyte, 2)],
  ['HDFS CPU s/GB', (results) => middle(results, (one) => perGigabyte(one, one.sourceCpuSeconds)).toFixed(2)],
  ['MinIO CPU s/GB', (results) => middle(results, (one) => perGigabyte(one, one.targetCpuSeconds)).toFixed(2)],
  MEMORY,
  PROOF,
];

const SMALL: readonly Column[] = [
  NAME,
  ['files/s', (results) => spread(results, filesPerSecond, 0)],
  ['client CPU ms/file', (results) => spread(results, (one) => (one.cpuSeconds * 1000) / one.load.files, 2)],
  [
    'HDFS CPU ms/file',
    (results) => middle(results, (one) => (one.sourceCpuSeconds * 1000) / one.load.files).toFixed(2),
  ],
  [
    'MinIO CPU ms/file',
    (results) => middle(results, (one) => (one.targetCpuSeconds * 1000) / one.load.files).toFixed(2),
  ],
  MEMORY,
  PROOF,
];

/** Tables of what was measured and of its ratios, in Markdown. Medians over the rounds, with the extremes in brackets. */
export function tables(results: readonly Result[]): string {
  const parts: string[] = [];
  for (const name of ['large', 'small'] as const) {
    const ofLoad = results.filter(({ load }) => load.name === name);
    if (ofLoad.length === 0) continue;
    const { files, sizeBytes } = ofLoad[0]!.load;
    const rounds = Math.max(...ofLoad.map(({ round }) => round));
    parts.push(`**${files} ${name} files, ${(sizeBytes / 1e9).toFixed(2)} GB, ${rounds} rounds**`);
    parts.push(table(name === 'large' ? LARGE : SMALL, byContender(ofLoad)));
    const ratio = ratios(ofLoad, name);
    if (ratio !== undefined) parts.push(ratio);
  }
  return parts.join('\n\n');
}

/** Against rclone within each round, since rounds differ by what else the machine does. */
function ratios(results: readonly Result[], name: 'large' | 'small'): string | undefined {
  const rounds = Map.groupBy(results, ({ round }) => round);
  const pairs = [...rounds.values()].flatMap((round) => {
    const [ours, theirs] = ['lakelift', 'rclone'].map((who) => round.find(({ contender }) => contender === who));
    return ours === undefined || theirs === undefined ? [] : [{ ours, theirs }];
  });
  if (pairs.length === 0) return undefined;
  const speed = pairs.map(({ ours, theirs }) => theirs.wallSeconds / ours.wallSeconds);
  const cpu = pairs.map(({ ours, theirs }) => ours.cpuSeconds / theirs.cpuSeconds);
  const what = name === 'large' ? 'throughput' : 'files per second';
  return `lakelift / rclone: ${what} x ${range(speed, 2)}, client CPU x ${range(cpu, 2)}`;
}

function byContender(results: readonly Result[]): Result[][] {
  return [...Map.groupBy(results, ({ contender }) => contender).values()];
}

function table(columns: readonly Column[], rows: readonly Result[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((results) => line(columns.map(([, cell]) => cell(results)))),
  ].join('\n');
}

function megabytesPerSecond({ load, wallSeconds }: Result): number {
  return load.sizeBytes / 1e6 / wallSeconds;
}

function filesPerSecond({ load, wallSeconds }: Result): number {
  return load.files / wallSeconds;
}

function cpuPerGigabyte(result: Result): number {
  return perGigabyte(result, result.cpuSeconds);
}

function perGigabyte({ load }: Result, seconds: number): number {
  return seconds / (load.sizeBytes / 1e9);
}

function middle(results: readonly Result[], measured: (result: Result) => number): number {
  return median(results.map(measured));
}

function spread(results: readonly Result[], measured: (result: Result) => number, digits: number): string {
  return range(results.map(measured), digits);
}

function range(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  const shown = median(values).toFixed(digits);
  return values.length === 1 ? shown : `${shown} (${least}-${most})`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
