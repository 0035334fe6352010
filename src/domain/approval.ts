/** Who lets which plan be run. */
export interface Approval {
  readonly planHash: string;
  /** `user@host`, or the name that was given. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** On what ground a run began: `recorded` by "lakelift approve", `answered` at the terminal, `hash` given with the command, or `unseen` (--yes). */
export const APPROVAL_WAYS = ['recorded', 'answered', 'hash', 'unseen'] as const;

export interface RunApproval extends Approval {
  readonly way: (typeof APPROVAL_WAYS)[number];
}
