import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is remembered of the last plan that somebody looked at. */
export interface PlanNote {
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly drawnAt: string;
  readonly refused: number;
  readonly undecided: number;
}

export function findPlanNote(path: string): PlanNote | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PlanNote;
  } catch {
    return undefined;
  }
}

export function putPlanNote(path: string, note: PlanNote): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
