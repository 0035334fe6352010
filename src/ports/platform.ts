import type { QueryEngine } from './query-engine.ts';
import type { SourceExporter } from './source-exporter.ts';
import type { CopySlots } from './slots.ts';
import type { SourceCatalog } from './source-catalog.ts';
import type { SourceFileSystem } from './source-file-system.ts';
import type { TargetCatalog } from './target-catalog.ts';
import type { TargetObjectStore } from './target-object-store.ts';

/** Both sides of a migration, connected when first used. */
export interface Platform {
  readonly source: SourceFileSystem;
  readonly catalog: SourceCatalog;
  readonly store: TargetObjectStore;
  readonly targetCatalog: TargetCatalog;
  /** For row counts; each undefined where none is configured. */
  readonly sourceEngine: QueryEngine | undefined;
  readonly targetEngine: QueryEngine | undefined;
  /** Undefined where no HiveServer2, or no place to stage tables, is configured. */
  readonly exporter: SourceExporter | undefined;
  /** What the copy may do at a time; it shrinks when an end asks for less. */
  readonly copySlots: CopySlots;
  close(): Promise<void>;
}
