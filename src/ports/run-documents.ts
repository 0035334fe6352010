/** Names under which a run keeps in its ledger what the report needs besides outcomes. */
export const RUN_DOCUMENTS = {
  reconciliation: 'reconciliation',
  timings: 'timings',
  checks: 'checks',
  /** RunApproval: on what ground it was run. */
  approval: 'approval',
  /** FileDigest of each file of the report as it was last written, by name. */
  files: 'report-files',
  /** Acceptance[], oldest first. */
  acceptance: 'acceptance',
} as const;
