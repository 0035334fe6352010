export { defineMigration } from './domain/migration.ts';
export type {
  CheckVerdict,
  Hook,
  HookContext,
  Migration,
  MigrationCheck,
  MigrationDefinition,
} from './domain/migration.ts';
