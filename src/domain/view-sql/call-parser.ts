import type { ExpressionParser } from './expression-parser.ts';
import type { Call, OrderItem, WindowSpec } from './sql-tree.ts';
import type { TokenReader } from './token-reader.ts';
import type { Place } from './view-sql-error.ts';

/** Functions that Hive takes without parentheses too, as reserved words. */
export const BARE_CALLS: ReadonlySet<string> = new Set(['current_date', 'current_timestamp']);

/** Reads what follows the name of a function, the window included. */
export function parseCall(parser: ExpressionParser, name: string, place: Place): Call {
  const { reader } = parser;
  if (BARE_CALLS.has(name) && !reader.isSymbol('('))
    return { kind: 'call', name, args: [], isDistinct: false, isStar: false, place };
  reader.expectSymbol('(');
  const isStar = reader.acceptSymbol('*');
  const isDistinct = !isStar && reader.acceptWords('distinct');
  const args = isStar || reader.isSymbol(')') ? [] : reader.list(() => parser.expression());
  reader.expectSymbol(')');
  const call: Call = { kind: 'call', name, args, isDistinct, isStar, place };
  if (reader.isWord('ignore', 'nulls') || reader.isWord('respect', 'nulls'))
    throw reader.refuse('IGNORE NULLS and RESPECT NULLS are not translated');
  if (!reader.acceptWords('over')) return call;
  if (!reader.isSymbol('(')) throw reader.refuse('windows named elsewhere are not translated');
  return { ...call, over: windowOf(parser) };
}

export function parseOrder(parser: ExpressionParser): OrderItem[] {
  const { reader } = parser;
  return reader.list(() => {
    const expression = parser.expression();
    const isDescending = reader.acceptWords('desc');
    if (!isDescending) reader.acceptWords('asc');
    if (!reader.acceptWords('nulls')) return { expression, isDescending };
    const isFirst = reader.acceptWords('first');
    if (!isFirst) reader.expectWords('last');
    return { expression, isDescending, nulls: isFirst ? 'FIRST' : 'LAST' };
  });
}

function windowOf(parser: ExpressionParser): WindowSpec {
  const { reader } = parser;
  reader.expectSymbol('(');
  const isSpread = reader.acceptWords('distribute', 'by');
  const isPartitioned = isSpread || reader.acceptWords('partition', 'by');
  const partitionBy = isPartitioned ? reader.list(() => parser.expression()) : [];
  const isOrdered = reader.acceptWords('order', 'by') || reader.acceptWords('sort', 'by');
  const orderBy = isOrdered ? parseOrder(parser) : [];
  const frame = frameOf(reader);
  reader.expectSymbol(')');
  return { partitionBy, orderBy, ...(frame === undefined ? {} : { frame }) };
}

function frameOf(reader: TokenReader): string | undefined {
  const isRows = reader.acceptWords('rows');
  if (!isRows && !reader.acceptWords('range')) return undefined;
  const unit = isRows ? 'ROWS' : 'RANGE';
  if (!reader.acceptWords('between')) return `${unit} ${boundOf(reader, isRows)}`;
  const low = boundOf(reader, isRows);
  reader.expectWords('and');
  return `${unit} BETWEEN ${low} AND ${boundOf(reader, isRows)}`;
}

function boundOf(reader: TokenReader, isRows: boolean): string {
  if (reader.acceptWords('current', 'row')) return 'CURRENT ROW';
  const distance = reader.peek();
  if (!reader.acceptWords('unbounded')) {
    if (!isRows || distance.kind !== 'number' || !/^\d+$/.test(distance.text))
      throw reader.refuse('only whole numbers of rows are translated in a frame');
    reader.take();
  }
  const isPreceding = reader.acceptWords('preceding');
  if (!isPreceding) reader.expectWords('following');
  return `${distance.text.toUpperCase()} ${isPreceding ? 'PRECEDING' : 'FOLLOWING'}`;
}
