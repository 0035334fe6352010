import { countOf, countsOf, jsonOf, memberOf, textOf } from './untyped.ts';

/** The parameter of a table by which its job says what it took to make it: counts, as JSON (`_FIGURES` of lakelift_job.py). */
export const FIGURES_PARAMETER = 'lakelift.figures';

/** What jobs and functions count alike. A figure that a machine has not left is undefined; nothing stands in for it. */
export interface MachineFigures {
  /** Rows chosen and joined, before any was suppressed or summed up. */
  readonly sourceRows?: number | undefined;
  readonly rows?: number | undefined;
  readonly suppressedRows?: number | undefined;
  readonly blankedRows?: number | undefined;
  readonly blankedCells?: number | undefined;
  /** Asked for. */
  readonly k?: number | undefined;
  readonly l?: number | undefined;
  /** Reached. */
  readonly smallestClass?: number | undefined;
  readonly leastDiversity?: number | undefined;
  /** Checks that only warn, as the machine words them, with the rows that break them. */
  readonly warnings: Readonly<Record<string, number>>;
}

export interface JobFigures extends MachineFigures {
  /** The execution of a state machine or DAG that the job ran in. */
  readonly run?: string | undefined;
  /** Lines of DSN files that are set aside, by block. */
  readonly inQuarantine: Readonly<Record<string, number>>;
}

/** What the table of a dataset says of itself; undefined where it says nothing of this dataset, or nothing that can be read. */
export function jobFigures(parameter: string | undefined, dataset: string): JobFigures | undefined {
  const said = jsonOf(parameter);
  if (memberOf(said, 'dataset') !== dataset) return undefined;
  return {
    ...machineFigures(said),
    run: textOf(memberOf(said, 'run')),
    inQuarantine: countsOf(memberOf(said, 'inQuarantine')),
  };
}

export function machineFigures(said: unknown): MachineFigures {
  const count = (name: string): number | undefined => countOf(memberOf(said, name));
  const k = count('k');
  return {
    sourceRows: count('sourceRows'),
    rows: count('rows'),
    // Where no anonymity is asked for, no row goes.
    suppressedRows: count('suppressedRows') ?? (k === undefined && count('sourceRows') !== undefined ? 0 : undefined),
    blankedRows: count('blankedRows'),
    blankedCells: count('blankedCells'),
    k,
    l: count('l'),
    smallestClass: count('smallestClass'),
    leastDiversity: count('leastDiversity'),
    warnings: countsOf(memberOf(said, 'warnings')),
  };
}
