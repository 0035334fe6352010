import type { Column } from '@aws-sdk/client-glue';
import { glueErrors } from './glue-error.ts';

/** True for the values of partitions that fit. */
type PartitionFilter = (values: readonly string[]) => boolean;

const CONDITION = /^\s*(?:"([^"]+)"|`([^`]+)`|(\w+))\s*=\s*(?:'((?:[^']|'')*)'|(-?\d+))\s*$/;
const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'int', 'bigint', 'long']);

/** Understands `key = 'value'` and `key = 1`, joined by AND. Anything else is refused rather than guessed at. */
export function parsePartitionExpression(expression: string, keys: readonly Column[]): PartitionFilter {
  if (expression.trim() === '') return () => true;
  const conditions = splitAtAnd(expression).map((text) => parseCondition(text, keys));
  return (values) => conditions.every((holds) => holds(values));
}

function splitAtAnd(expression: string): string[] {
  const parts: string[] = [''];
  // Quoted text is one token, so that an AND inside a value does not split it.
  for (const [token] of expression.matchAll(/'(?:[^']|'')*'|\s+and\s+|[\s\S]/gi))
    if (/^\s+and\s+$/i.test(token)) parts.push('');
    else parts[parts.length - 1] += token;
  return parts;
}

function parseCondition(text: string, keys: readonly Column[]): PartitionFilter {
  const match = CONDITION.exec(text);
  if (match === null)
    throw glueErrors.invalidInput(
      `The sandbox understands only key = 'value' joined by AND in partition expressions, not: ${text.trim()}`,
    );
  const name = (match[1] ?? match[2] ?? match[3])!.toLowerCase();
  const index = keys.findIndex((key) => key.Name === name);
  if (index < 0) throw glueErrors.invalidInput(`Column ${name} is not a partition key`);
  const wanted = match[4]?.replaceAll("''", "'") ?? match[5]!;
  const isInteger = INTEGER_TYPES.has(keys[index]?.Type ?? '') && /^-?\d+$/.test(wanted);
  return (values) =>
    isInteger && /^-?\d+$/.test(values[index]!) ? BigInt(values[index]!) === BigInt(wanted) : values[index] === wanted;
}
