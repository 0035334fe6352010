import type { Outcome } from '../domain/outcome.ts';

export type StepName = 'inventory' | 'plan' | 'convert' | 'copy' | 'register' | 'reconcile' | 'report';

export type ProgressEvent =
  | {
      readonly kind: 'step-started';
      readonly step: StepName;
      readonly items?: number | undefined;
      readonly sizeBytes?: number | undefined;
    }
  | { readonly kind: 'step-finished'; readonly step: StepName; readonly durationMs: number }
  /** Something was found; totals so far. */
  | { readonly kind: 'inventoried'; readonly files: number; readonly sizeBytes: number; readonly scope: string }
  | { readonly kind: 'bytes'; readonly sizeBytes: number }
  | { readonly kind: 'item'; readonly outcome: Outcome }
  | { readonly kind: 'retry'; readonly subject: string; readonly attempt: number; readonly message: string }
  | { readonly kind: 'note'; readonly level: 'info' | 'warn'; readonly message: string };

/** Where steps say what they are doing. Must return at once and never throw. */
export type Progress = (event: ProgressEvent) => void;
