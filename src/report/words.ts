import type { ColumnStatus } from '../domain/column-diff.ts';
import type { Proof } from '../domain/outcome.ts';
import type { PlanItemKind } from '../domain/plan.ts';
import type { CheckStatus, FindingKind, ReconcileCheck, ReconcileVerdict } from '../domain/reconciliation.ts';
import type { ReportRun, ReportStatus, VerdictReason } from '../domain/run-report.ts';
import type { Language } from './quantities.ts';
import type { CourseWords, LongListWords } from './section-words.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';

/** A count already written out, and whether it is one. */
export interface Counted {
  readonly text: string;
  readonly isOne: boolean;
}

/** What the page says. Texts that come from the run itself (messages, reasons without a translation) stay as they are, in English. */
export interface ReportWords {
  readonly documentTitle: (title: string) => string;
  readonly kicker: string;
  /** Between a name and its value: French puts a space before. */
  readonly colon: string;
  readonly useCase: string;
  readonly runOf: (date: string) => string;
  readonly verdicts: Readonly<Record<ReconcileVerdict, { readonly headline: string; readonly meaning: string }>>;
  readonly verdictShort: Readonly<Record<ReconcileVerdict, string>>;
  readonly notCompared: string;
  readonly verdictReasons: Readonly<Record<VerdictReason, (count: Counted) => string>>;
  readonly proven: (files: Counted, volume: string) => string;
  readonly limitsRows: (tables: Counted) => string;
  readonly limitsContent: (tables: Counted) => string;
  readonly figures: Readonly<
    Record<
      'files' | 'volume' | 'tables' | 'partitions' | 'rows' | 'toReview' | 'excluded' | 'findings' | 'duration',
      string
    >
  >;
  readonly sections: Readonly<
    Record<'exceptions' | 'excluded' | 'proof' | 'tables' | 'details' | 'course' | 'signature' | 'reading', string>
  >;
  readonly noExceptions: string;
  readonly noExclusions: string;
  readonly notSettled: (count: Counted) => string;
  readonly findings: (count: Counted) => string;
  readonly moreOf: (shown: string, total: string) => string;
  readonly excludedIntro: string;
  readonly exclusionTexts: Readonly<Record<string, string>>;
  readonly head: Readonly<
    Record<
      | 'what'
      | 'where'
      | 'scope'
      | 'status'
      | 'reason'
      | 'todo'
      | 'source'
      | 'target'
      | 'finding'
      | 'check'
      | 'count'
      | 'examples'
      | 'files'
      | 'volume'
      | 'partitions'
      | 'rows'
      | 'verdict'
      | 'proof'
      | 'meaning'
      | 'share'
      | 'column'
      | 'sourceType'
      | 'targetType'
      | 'partition'
      | 'sourceRows'
      | 'targetRows'
      | 'step'
      | 'duration'
      | 'result'
      | 'detail',
      string
    >
  >;
  readonly kinds: Readonly<Record<PlanItemKind, string>>;
  readonly statuses: Readonly<Record<ReportStatus, string>>;
  readonly checks: Readonly<Record<ReconcileCheck, string>>;
  readonly checkStatuses: Readonly<Record<CheckStatus, string>>;
  readonly findingKinds: Readonly<Record<FindingKind, string>>;
  readonly columnStatuses: Readonly<Record<ColumnStatus, string>>;
  readonly proofs: Readonly<Record<Proof, { readonly name: string; readonly meaning: string }>>;
  readonly noProofs: string;
  readonly columnsOf: (scope: string) => string;
  readonly partitionsOf: (scope: string) => string;
  readonly longLists: LongListWords;
  readonly checksOf: (scope: string) => string;
  readonly partitionKey: string;
  readonly noEngines: string;
  readonly notes: string;
  readonly location: string;
  readonly facts: Readonly<
    Record<
      | 'run'
      | 'started'
      | 'finished'
      | 'duration'
      | 'state'
      | 'by'
      | 'approval'
      | 'plan'
      | 'freshPlan'
      | 'reconciled'
      | 'tool'
      | 'report'
      | 'owner'
      | 'purpose'
      | 'legalBasis'
      | 'wave',
      string
    >
  >;
  readonly course: CourseWords;
  readonly runStates: Readonly<Record<ReportRun['status'], string>>;
  readonly steps: Readonly<Record<string, string>>;
  readonly timings: string;
  readonly businessChecks: string;
  readonly ok: string;
  readonly notOk: string;
  readonly signatureIntro: string;
  readonly signature: Readonly<
    Record<
      'decision' | 'accepted' | 'reserved' | 'refused' | 'reservations' | 'name' | 'role' | 'date' | 'sign',
      string
    >
  >;
  readonly glossary: readonly (readonly [string, string])[];
  readonly footer: (tool: string) => string;
}

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = { en, fr };
