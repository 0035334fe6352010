import { translateArithmetic, translateBits } from './arithmetic.ts';
import { comparable } from './comparisons.ts';
import { alignedValues } from './conditional-functions.ts';
import { convert, plainText, toText } from './conversions.ts';
import { translateCall } from './calls.ts';
import { quoteString } from './hive-string.ts';
import { translateLiteral } from './literals.ts';
import { fieldOf, resolveColumn, type Scope } from './scope.ts';
import type { Expression, Query } from './sql-tree.ts';
import { BOOLEAN, DOUBLE, hiveSpelling, isInteger, isNumber, isSameType, isText, nameOf, STRING } from './sql-type.ts';
import { regexOfLiteral } from './regex.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

/** What expressions need of their surroundings. */
export interface Surroundings {
  readonly translation: Translation;
  readonly scope: Scope;
  /** Translates a query inside an expression; its columns, and its text without parentheses. */
  readonly subquery: (query: Query, scope: Scope) => { readonly sql: string; readonly columns: readonly Value[] };
}

type Node<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Translates an expression; throws ViewSqlError at the first thing that is not known to mean the same. */
export function translateExpression(at: Surroundings, node: Expression): Value {
  switch (node.kind) {
    case 'literal':
      return translateLiteral(at.translation, node);
    case 'column':
      return resolveColumn(at.translation, at.scope, node.parts, node.place);
    case 'field':
      return fieldOf(at.translation, translateExpression(at, node.value), node.name, node.place);
    case 'index':
      return element(at, node);
    case 'unary':
      return unary(at, node);
    case 'binary':
      return binary(at, node);
    case 'call':
      return translateCall(at, node);
    case 'cast':
      return convert(at.translation, translateExpression(at, node.value), node.type, node.place);
    case 'case':
      return cases(at, node);
    default:
      return { sql: predicate(at, node), type: BOOLEAN, isExact: true };
  }
}

type Predicate = Exclude<
  Expression,
  { kind: 'literal' | 'column' | 'field' | 'index' | 'unary' | 'binary' | 'call' | 'cast' | 'case' | 'scalar' }
>;

function predicate(at: Surroundings, node: Predicate | Node<'scalar'>): string {
  switch (node.kind) {
    case 'is':
      return isTest(at, node);
    case 'between':
      return between(at, node);
    case 'in':
      return isIn(at, node);
    case 'in-query':
      return isInQuery(at, node);
    case 'exists':
      return `EXISTS (${at.subquery(node.query, at.scope).sql})`;
    case 'match':
      return match(at, node);
    case 'scalar':
      return at.translation.refuse(node.place, 'a query in place of a value is not translated');
  }
}

/** A condition, which Athena takes of boolean only. */
export function translateCondition(at: Surroundings, node: Expression): string {
  const value = translateExpression(at, node);
  if (nameOf(value.type) === 'boolean' || nameOf(value.type) === 'void') return value.sql;
  return at.translation.refuse(node.place, `a condition of type ${hiveSpelling(value.type)} is not translated`);
}

function element(at: Surroundings, node: Node<'index'>): Value {
  const value = translateExpression(at, node.value);
  const index = translateExpression(at, node.index);
  const { translation } = at;
  if (value.type.kind === 'map') {
    if (!isSameType(value.type.key, index.type))
      return translation.refuse(node.place, 'the key has another type than the map');
    translation.change(node.place, 'map[key] becomes element_at, NULL where there is none');
    return { sql: `element_at(${value.sql}, ${index.sql})`, type: value.type.value, isExact: true };
  }
  if (value.type.kind !== 'array' || !isInteger(index.type))
    return translation.refuse(node.place, 'only arrays and maps have elements');
  translation.change(node.place, 'array[i], from 0, becomes element_at, from 1; NULL where there is none');
  const { literal } = index;
  const isPlain = literal !== undefined && /^\d{1,9}$/.test(literal.text);
  const sql = isPlain
    ? `element_at(${value.sql}, ${Number(literal.text) + 1})`
    : `CASE WHEN ${index.sql} >= 0 THEN element_at(${value.sql}, ${index.sql} + 1) END`;
  return { sql, type: value.type.element, isExact: true };
}

function unary(at: Surroundings, node: Node<'unary'>): Value {
  if (node.operator === 'NOT')
    return { sql: `(NOT ${translateCondition(at, node.value)})`, type: BOOLEAN, isExact: true };
  const read = translateExpression(at, node.value);
  const value = isText(read.type) ? convert(at.translation, read, DOUBLE, node.place) : read;
  if (!isNumber(value.type))
    return at.translation.refuse(node.place, `${node.operator} of ${hiveSpelling(value.type)}`);
  if (node.operator === '+') return value;
  if (node.operator === '~') {
    if (!isInteger(value.type)) return at.translation.refuse(node.place, '~ of other than whole numbers');
    at.translation.change(node.place, '~ becomes bitwise_not');
    return convert(
      at.translation,
      { sql: `CAST(bitwise_not(${value.sql}) AS ${nameOf(value.type)})`, type: value.type },
      value.type,
      node.place,
    );
  }
  const literal = value.literal && { ...value.literal, text: `-${value.literal.text}` };
  return { sql: literal === undefined ? `(- ${value.sql})` : `(-${value.sql})`, type: value.type, literal };
}

function binary(at: Surroundings, node: Node<'binary'>): Value {
  const { operator, place } = node;
  const boolean = (sql: string): Value => ({ sql, type: BOOLEAN, isExact: true });
  if (operator === 'AND' || operator === 'OR')
    return boolean(`(${translateCondition(at, node.left)} ${operator} ${translateCondition(at, node.right)})`);
  const [left, right] = [translateExpression(at, node.left), translateExpression(at, node.right)];
  if (operator === '||') return concatenation(at, [left, right], place);
  if (['&', '|', '^'].includes(operator)) return translateBits(at.translation, { operator, left, right, place });
  if (['+', '-', '*', '/', '%', 'DIV'].includes(operator))
    return translateArithmetic(at.translation, { operator, left, right, place });
  const [a, b] = comparable(at.translation, [left, right], place);
  return boolean(`(${a.sql} ${comparisonOf(at.translation, operator, place)} ${b.sql})`);
}

function comparisonOf(translation: Translation, operator: string, place: Place): string {
  if (operator === '==') return '=';
  if (operator === '!=') return '<>';
  if (operator !== '<=>') return operator;
  translation.change(place, '<=> becomes IS NOT DISTINCT FROM');
  return 'IS NOT DISTINCT FROM';
}

function concatenation(at: Surroundings, values: readonly Value[], place: Place): Value {
  const texts = values.map(
    (value) =>
      toText(value)?.sql ?? at.translation.refuse(place, `|| of ${hiveSpelling(value.type)} is not translated`),
  );
  return { sql: `(${texts.join(' || ')})`, type: STRING, isExact: true };
}

function isTest(at: Surroundings, { value, what, isNegated }: Node<'is'>): string {
  const { sql } = translateExpression(at, value);
  if (what === 'NULL') return `(${sql} IS ${isNegated ? 'NOT ' : ''}NULL)`;
  return `(${translateCondition(at, value)} IS ${isNegated ? '' : 'NOT '}DISTINCT FROM ${what.toLowerCase()})`;
}

function between(at: Surroundings, node: Node<'between'>): string {
  const value = translateExpression(at, node.value);
  const bounds = [node.low, node.high].map((bound) =>
    comparable(at.translation, [value, translateExpression(at, bound)], node.place),
  );
  const [[first, low], [second, high]] = bounds as [[Value, Value], [Value, Value]];
  if (first.sql !== second.sql) at.translation.refuse(node.place, 'the bounds of BETWEEN have different types');
  return `(${first.sql} ${node.isNegated ? 'NOT ' : ''}BETWEEN ${low.sql} AND ${high.sql})`;
}

function isIn(at: Surroundings, node: Node<'in'>): string {
  const value = translateExpression(at, node.value);
  const pairs = node.list.map((item) => comparable(at.translation, [value, translateExpression(at, item)], node.place));
  if (new Set(pairs.map(([side]) => side.sql)).size > 1)
    at.translation.refuse(node.place, 'the values of IN have different types');
  return `(${pairs[0]![0].sql} ${node.isNegated ? 'NOT ' : ''}IN (${pairs.map(([, item]) => item.sql).join(', ')}))`;
}

function isInQuery(at: Surroundings, node: Node<'in-query'>): string {
  const value = translateExpression(at, node.value);
  const { sql, columns } = at.subquery(node.query, at.scope);
  if (columns.length !== 1) at.translation.refuse(node.place, 'the query of IN must give one column');
  const [left, right] = comparable(at.translation, [value, columns[0]!], node.place);
  if (right.sql !== columns[0]!.sql) at.translation.refuse(node.place, 'IN compares values of different types');
  return `(${left.sql} ${node.isNegated ? 'NOT ' : ''}IN (${sql}))`;
}

function match(at: Surroundings, node: Node<'match'>): string {
  const { translation } = at;
  const value = translateExpression(at, node.value);
  if (!isText(value.type)) return translation.refuse(node.place, `${node.operator} of ${hiveSpelling(value.type)}`);
  const pattern = node.pattern.kind === 'literal' && node.pattern.literal === 'string' ? node.pattern.text : undefined;
  if (pattern === undefined)
    return translation.refuse(node.place, `${node.operator} is translated with a literal only`);
  const not = node.isNegated ? 'NOT ' : '';
  const text = plainText(value).sql;
  if (node.operator === 'RLIKE') {
    const regex =
      regexOfLiteral(pattern) ??
      translation.refuse(node.place, 'the regular expression holds what the engines may read differently');
    translation.change(node.place, 'RLIKE becomes regexp_like');
    return `(${not}regexp_like(${text}, ${regex}))`;
  }
  if (/\\(?![%_])/.test(pattern)) return translation.refuse(node.place, 'the pattern of LIKE holds a backslash');
  if (!pattern.includes('\\')) return `(${text} ${not}LIKE ${quoteString(pattern)})`;
  translation.change(node.place, 'LIKE names its escape character');
  return `(${text} ${not}LIKE ${quoteString(pattern)} ESCAPE '\\')`;
}

function cases(at: Surroundings, node: Node<'case'>): Value {
  const operand = node.operand && translateExpression(at, node.operand);
  const conditions = node.branches.map(({ when }) => {
    if (operand === undefined) return translateCondition(at, when);
    const [left, right] = comparable(at.translation, [operand, translateExpression(at, when)], node.place);
    return `(${left.sql} = ${right.sql})`;
  });
  const outcomes = [
    ...node.branches.map(({ then }) => then),
    ...(node.otherwise === undefined ? [] : [node.otherwise]),
  ];
  const { type, values } = alignedValues(
    at.translation,
    outcomes.map((outcome) => translateExpression(at, outcome)),
    node.place,
  );
  const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${values[index]!}`).join(' ');
  const otherwise = node.otherwise === undefined ? '' : ` ELSE ${values.at(-1)!}`;
  return { sql: `CASE ${branches}${otherwise} END`, type };
}
