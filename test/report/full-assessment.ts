import { ASSESSMENT_SCHEMA, RANK_REASONS, type Assessment } from '../../src/domain/assessment/assessment.ts';

const findings = { blocking: 0, decision: 1, attention: 1, note: 0 };
const usage = { files: 500, sizeBytes: 2_000_000, smallFiles: 500, modifiedAtMs: Date.UTC(2024, 5, 1) };

/** Every part of an assessment present. */
export const assessment: Assessment = {
  schema: ASSESSMENT_SCHEMA,
  drawnAt: '2026-01-02T03:04:05.000Z',
  usageFrom: 'image',
  totals: {
    databases: 1,
    tables: 1,
    views: 1,
    partitions: 3,
    files: 501,
    sizeBytes: 2_000_100,
    findings,
    unassigned: 1,
  },
  useCases: [
    {
      id: 'a',
      title: { fr: 'Un', en: 'One' },
      owner: 'a@example.org',
      wave: 1,
      items: ['rh.t'],
      usage,
      findings,
      shared: [{ item: 'rh.t', with: ['b'] }],
      needs: ['b'],
      effortDays: 1.4,
      rank: 1,
      reasons: RANK_REASONS,
      proposedWave: 1,
    },
  ],
  items: [
    {
      kind: 'table',
      name: 'rh.t',
      format: 'csv',
      partitions: 3,
      columns: 4,
      personalColumns: 1,
      usage,
      findings: [
        { severity: 'decision', code: 'ENCODING', text: 'encoded <in> ISO-8859-1', hint: 'rewrite it' },
        { severity: 'attention', code: 'SMALL_FILES', text: '500 files' },
      ],
      reads: [],
      useCases: ['a', 'b'],
      effortDays: 1.45,
    },
    {
      kind: 'view',
      name: "=cmd|' /C calc'!A0.v",
      partitions: 0,
      columns: 1,
      personalColumns: 0,
      findings: [],
      reads: ['rh.t'],
      useCases: [],
      effortDays: 0.4,
    },
  ],
  otherFolders: [{ path: '/user/x', usage: { files: 1, sizeBytes: 100 } }],
};
