import { CallContext } from './call-context.ts';
import { REFORMAT } from './date-functions.ts';
import { translateExpression, type Surroundings } from './expressions.ts';
import { findFunction, takesWindow, whyUnknown } from './function-catalog.ts';
import type { Call, Expression, OrderItem, WindowSpec } from './sql-tree.ts';
import type { Value } from './translation.ts';

const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss';

export function translateCall(at: Surroundings, written: Call): Value {
  const node = withoutDetour(written);
  const rule = findFunction(node.name);
  if (rule === undefined) return at.translation.refuse(node.place, whyUnknown(node.name));
  if ((node.isDistinct || node.isStar || node.over !== undefined) && !takesWindow(node.name))
    return at.translation.refuse(node.place, `${node.name} does not take that`);
  const args = node.args.map((arg) => translateExpression(at, arg));
  const over = node.over === undefined ? '' : ` OVER (${windowSql(at, node.over)})`;
  return rule(new CallContext(node, args, { translation: at.translation, over }));
}

/** `from_unixtime(unix_timestamp(text, a), b)` is one thing: the time zone that each depends on cancels out. */
function withoutDetour(call: Call): Call {
  const [inner, to] = call.args;
  if (call.name !== 'from_unixtime' || inner?.kind !== 'call' || inner.name !== 'unix_timestamp') return call;
  const [text, from] = inner.args;
  if (text === undefined) return call;
  return { ...call, name: REFORMAT, args: [text, from ?? pattern(call), to ?? pattern(call)] };
}

function pattern({ place }: Call): Expression {
  return { kind: 'literal', literal: 'string', text: DEFAULT_PATTERN, place };
}

function windowSql(at: Surroundings, { partitionBy, orderBy, frame }: WindowSpec): string {
  const parts: string[] = [];
  if (partitionBy.length > 0)
    parts.push(`PARTITION BY ${partitionBy.map((key) => translateExpression(at, key).sql).join(', ')}`);
  if (orderBy.length > 0) parts.push(`ORDER BY ${orderBy.map((item) => orderSql(at, item)).join(', ')}`);
  if (frame !== undefined) parts.push(frame);
  return parts.join(' ');
}

/** Hive up to 3 puts NULL first in ascending, last in descending order; Athena always last. */
export function orderSql(
  at: Surroundings,
  item: OrderItem,
  sql = translateExpression(at, item.expression).sql,
): string {
  const nulls = item.nulls ?? (item.isDescending ? 'LAST' : 'FIRST');
  if (item.nulls === undefined && !item.isDescending)
    at.translation.change(item.expression.place, 'ORDER BY says NULLS FIRST, which is what Hive does');
  return `${sql} ${item.isDescending ? 'DESC' : 'ASC'} NULLS ${nulls}`;
}
