import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../..');

/** Actions that docs/reconcile.md tells people to allow, in the statements of these names. */
export function documentedActions(...names: readonly string[]): string[] {
  const text = readFileSync(join(REPOSITORY, 'docs/reconcile.md'), 'utf8');
  const [, json = '{}'] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  const { Statement } = JSON.parse(json) as { Statement: { Sid: string; Action: string[] }[] };
  return Statement.filter(({ Sid }) => names.includes(Sid))
    .flatMap(({ Action }) => Action)
    .sort();
}
