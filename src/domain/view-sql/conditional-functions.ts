import type { HiveType } from '../rules/hive-type.ts';
import type { CallContext, FunctionRule } from './call-context.ts';
import { comparable } from './comparisons.ts';
import { convert } from './conversions.ts';
import { BOOLEAN, commonType, hiveSpelling, nameOf, VOID } from './sql-type.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

export const CONDITIONAL_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  nvl: (call) => (call.arity(2), call.change('nvl becomes COALESCE'), coalesced(call)),
  coalesce: (call) => coalesced(call),
  if: (call) => conditional(call),
  nullif: (call) => nullIf(call),
  isnull: (call) => (call.arity(1), call.typed(`(${call.args[0]!.sql} IS NULL)`, BOOLEAN)),
  isnotnull: (call) => (call.arity(1), call.typed(`(${call.args[0]!.sql} IS NOT NULL)`, BOOLEAN)),
  greatest: (call) => extreme(call),
  least: (call) => extreme(call),
};

/** Values of one expression, each converted to the type that Hive gives them together. */
export function alignedValues(
  translation: Translation,
  values: readonly Value[],
  place: Place,
): { readonly type: HiveType; readonly values: readonly string[] } {
  let type: HiveType = VOID;
  for (const value of values) {
    type =
      commonType(type, value.type) ??
      translation.refuse(
        place,
        `${hiveSpelling(type)} and ${hiveSpelling(value.type)} meet, of which the common type is not known for certain`,
      );
  }
  return { type, values: values.map((value) => aligned(translation, value, type, place)) };
}

/** NULL needs no type, and Athena widens numbers by itself, except decimals beside real. */
function aligned(translation: Translation, value: Value, type: HiveType, place: Place): string {
  return nameOf(value.type) === 'void' ? value.sql : convert(translation, value, type, place).sql;
}

function coalesced(call: CallContext): Value {
  call.arity(2, 200);
  const { type, values } = alignedValues(call.translation, call.args, call.node.place);
  return { sql: `COALESCE(${values.join(', ')})`, type };
}

function conditional(call: CallContext): Value {
  call.arity(3);
  const condition = call.args[0]!;
  if (nameOf(condition.type) !== 'boolean') call.refuse('its condition is no boolean');
  const { type, values } = alignedValues(call.translation, call.args.slice(1), call.node.place);
  return { sql: `IF(${condition.sql}, ${values.join(', ')})`, type };
}

function nullIf(call: CallContext): Value {
  call.arity(2);
  const [left, right] = comparable(call.translation, [call.args[0]!, call.args[1]!], call.node.place);
  if (left.sql !== call.args[0]!.sql) call.refuse('its values have different types');
  return { sql: `NULLIF(${left.sql}, ${right.sql})`, type: call.args[0]!.type };
}

function extreme(call: CallContext): Value {
  call.arity(2, 200);
  const { type, values } = alignedValues(call.translation, call.args, call.node.place);
  if (call.args.some((value) => nameOf(value.type) === 'void')) call.refuse('one of its values is NULL');
  return { sql: `${call.node.name}(${values.join(', ')})`, type };
}
