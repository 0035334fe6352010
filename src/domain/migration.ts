import type { RunId, UseCaseId } from './names.ts';

/** What a hook or check of a migration script may use. */
export interface HookContext {
  readonly useCase: UseCaseId;
  readonly runId: RunId;
  readonly signal: AbortSignal;
  /** Says something in the run's progress and log. */
  readonly note: (message: string) => void;
  /** SQL read from the source or target engine, rows as text; undefined where no engine is configured. */
  readonly querySource?: ((sql: string) => Promise<(string | undefined)[][]>) | undefined;
  readonly queryTarget?: ((sql: string) => Promise<(string | undefined)[][]>) | undefined;
}

export type Hook = (context: HookContext) => Promise<void> | void;

export interface CheckVerdict {
  readonly isOk: boolean;
  /** What was found, for the report. */
  readonly detail: string;
}

/** A question of the business put to source and target after registration; its answer goes into the report. */
export interface MigrationCheck {
  readonly name: string;
  readonly run: (context: HookContext) => Promise<CheckVerdict> | CheckVerdict;
}

/** One use case: what belongs together at the source, who owns it and why it is processed. */
export interface Migration {
  readonly id: UseCaseId;
  readonly title: { readonly fr: string; readonly en: string };
  /** Mail address of whoever accepts the migration. */
  readonly owner: string;
  /** Use cases of a lower wave move first. */
  readonly wave: number;
  readonly source: {
    /** `database.table`; `*` stands for any characters of the table's name. */
    readonly tables: readonly string[];
    /** Absolute HDFS directories of files that no table owns. */
    readonly paths: readonly string[];
  };
  /** Why the data is processed, and on what ground (GDPR art. 5.1.b, 6). */
  readonly purpose: string;
  readonly legalBasis: string;
  readonly consumers: readonly string[];
  /** Before a byte moves; throwing stops the run. */
  readonly beforeRun?: Hook | undefined;
  /** After every table stands in the target catalog. */
  readonly afterRegister?: Hook | undefined;
  readonly checks: readonly MigrationCheck[];
}

export interface MigrationDefinition extends Omit<Migration, 'id' | 'source' | 'checks'> {
  readonly id: string;
  readonly source: Partial<Migration['source']>;
  readonly checks?: readonly MigrationCheck[];
}

/** Describes a use case; the default export of every script in `migrations/`. Faults are reported when the script is loaded. */
export function defineMigration(definition: MigrationDefinition): Migration {
  return {
    ...definition,
    id: definition.id as UseCaseId,
    source: { tables: definition.source.tables ?? [], paths: definition.source.paths ?? [] },
    checks: definition.checks ?? [],
  };
}
