import { quoteString } from './hive-string.ts';
import type { CallContext, FunctionRule } from './call-context.ts';
import { translateRegex, plainTextOfRegex } from './regex.ts';
import { INT, isText, nameOf, STRING } from './sql-type.ts';
import type { Expression } from './sql-tree.ts';
import type { Value } from './translation.ts';

/** Functions on text. What they are in Hive: `org.apache.hadoop.hive.ql.udf`; in Athena: Trino's string and regular expression functions. */
export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  upper: (call) => sameText(call, 'upper'),
  ucase: (call) => sameText(call, 'upper'),
  lower: (call) => sameText(call, 'lower'),
  lcase: (call) => sameText(call, 'lower'),
  trim: (call) => trimmed(call, 'BOTH'),
  ltrim: (call) => trimmed(call, 'LEADING'),
  rtrim: (call) => trimmed(call, 'TRAILING'),
  length: (call) => lengthOf(call),
  char_length: (call) => lengthOf(call),
  character_length: (call) => lengthOf(call),
  reverse: (call) => (call.arity(1), call.string(`reverse(${call.text(0)})`)),
  concat: (call) => concatenation(call),
  concat_ws: (call) => joined(call),
  substr: (call) => substring(call),
  substring: (call) => substring(call),
  instr: (call) => (call.arity(2), position(call, call.text(0), call.text(1))),
  locate: (call) => (call.arity(2), position(call, call.text(1), call.text(0))),
  lpad: (call) => padded(call, 'lpad'),
  rpad: (call) => padded(call, 'rpad'),
  space: (call) => (call.arity(1), call.string(quoteString(' '.repeat(smallNumber(call, 0))))),
  replace: (call) => replaced(call),
  translate: (call) => (call.arity(3), call.string(`translate(${call.text(0)}, ${call.text(1)}, ${call.text(2)})`)),
  split: (call) => splitText(call),
  regexp_replace: (call) => regexReplaced(call),
  regexp_extract: (call) => regexExtracted(call),
  md5: (call) => digest(call, 'md5'),
  sha: (call) => digest(call, 'sha1'),
  sha1: (call) => digest(call, 'sha1'),
  sha2: (call) => digest(call, { 0: 'sha256', 256: 'sha256', 512: 'sha512' }[call.literalWhole(1)]),
  hex: (call) => hexadecimal(call),
  base64: (call) => base64(call),
};

/** Keeps varchar(n); of char Hive leaves the padding away, which its type denies. */
function sameText(call: CallContext, name: string): Value {
  call.arity(1);
  const { type } = call.args[0]!;
  if (nameOf(type) === 'char') call.refuse('of char it is not translated; cast it to string');
  const sql = `${name}(${call.text(0)})`;
  return nameOf(type) === 'varchar' ? call.cast(sql, type) : call.string(sql);
}

/** Hive trims blanks only, Athena every white space. */
function trimmed(call: CallContext, side: string): Value {
  call.arity(1);
  call.change(`${call.node.name} takes away blanks only, as in Hive`);
  return call.string(`trim(${side} ' ' FROM ${call.text(0)})`);
}

function lengthOf(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = call.args[0]!;
  return call.cast(`length(${nameOf(type) === 'binary' ? sql : call.text(0)})`, INT);
}

function concatenation(call: CallContext): Value {
  const parts = call.args.map((_, index) => call.text(index));
  return call.string(parts.length === 1 ? parts[0]! : `concat(${parts.join(', ')})`);
}

function joined(call: CallContext): Value {
  call.arity(2, 200);
  const [, second] = call.args;
  if (second!.type.kind === 'array') {
    call.arity(2);
    if (nameOf(second!.type.element) !== 'string') call.refuse('the array is not one of string');
    if (!isCollected(call.node.args[1])) call.refuse('of an array that may be or hold NULL it is not translated');
    return call.string(`concat_ws(${call.text(0)}, ${second!.sql})`);
  }
  if (call.args.some(({ type }) => !isText(type))) call.refuse('an argument is no text');
  return call.string(`concat_ws(${call.args.map((_, index) => call.text(index)).join(', ')})`);
}

/** Versions of Hive treat NULL in arrays differently; what an aggregate collects holds none. */
function isCollected(node: Expression | undefined): boolean {
  if (node?.kind !== 'call') return false;
  return node.name === 'sort_array' ? isCollected(node.args[0]) : /^collect_(list|set)$/.test(node.name);
}

/** Hive counts 0 as 1. */
function substring(call: CallContext): Value {
  call.arity(2, 3);
  const literal = call.args[1]!.literal;
  let start = call.whole(1);
  if (literal?.text === '0') start = '1';
  else if (literal === undefined) start = `IF(${start} = 0, 1, ${start})`;
  if (start !== call.args[1]!.sql) call.change('substr from 0 is substr from 1, as in Hive');
  return call.string(`substr(${call.text(0)}, ${start}${call.args.length === 3 ? `, ${call.whole(2)}` : ''})`);
}

function position(call: CallContext, text: string, sought: string): Value {
  call.change(`${call.node.name} becomes strpos`);
  return call.cast(`strpos(${text}, ${sought})`, INT);
}

function padded(call: CallContext, name: string): Value {
  call.arity(3);
  if (call.literalText(2) === '') call.refuse('the padding is empty');
  return call.string(`${name}(${call.text(0)}, ${smallNumber(call, 1)}, ${call.text(2)})`);
}

function smallNumber(call: CallContext, index: number): number {
  const number = call.literalWhole(index);
  return number >= 0 && number <= 10_000 ? number : call.refuse('the length is out of range');
}

function replaced(call: CallContext): Value {
  call.arity(3);
  if (call.literalText(1) === '') call.refuse('the text to replace is empty');
  return call.string(`replace(${call.text(0)}, ${call.text(1)}, ${call.text(2)})`);
}

function splitText(call: CallContext): Value {
  call.arity(2);
  const pattern = call.literalText(1);
  const plain = plainTextOfRegex(pattern);
  const type = { kind: 'array', element: STRING } as const;
  if (plain !== undefined) return call.typed(`split(${call.text(0)}, ${quoteString(plain)})`, type);
  return call.refuse('its pattern is more than plain text');
}

/** The pattern as a literal that both engines read alike. */
function regexOf(call: CallContext, index: number): string {
  const pattern = translateRegex(call.literalText(index));
  if (pattern === undefined) return call.refuse('the regular expression holds what the engines may read differently');
  if (pattern !== call.literalText(index))
    call.change('\\d, \\w and \\s are spelt out: in Athena they take in all of Unicode');
  return quoteString(pattern);
}

function regexReplaced(call: CallContext): Value {
  call.arity(3);
  const replacement = call.literalText(2);
  if (/\\|\$(?!\d)/.test(replacement)) call.refuse('the replacement holds a backslash or a dollar');
  return call.string(`regexp_replace(${call.text(0)}, ${regexOf(call, 1)}, ${quoteString(replacement)})`);
}

/** Hive takes the first group unless told, and gives empty text where nothing is found. */
function regexExtracted(call: CallContext): Value {
  call.arity(2, 3);
  const group = call.args.length === 3 ? call.literalWhole(2) : 1;
  const [text, pattern] = [call.text(0), regexOf(call, 1)];
  call.change('regexp_extract gives empty text where nothing is found, as in Hive');
  return call.string(
    `CASE WHEN regexp_like(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group}) WHEN ${text} IS NOT NULL THEN '' END`,
  );
}

function digest(call: CallContext, name: string | undefined): Value {
  if (name === undefined) return call.refuse('of that length it is not translated');
  call.change(`${call.node.name} becomes ${name} in hexadecimal`);
  return call.string(`lower(to_hex(${name}(${bytesOf(call)})))`);
}

function bytesOf(call: CallContext): string {
  const { sql, type } = call.args[0] ?? call.refuse('it has no argument');
  if (nameOf(type) === 'binary') return sql;
  return isText(type) ? `to_utf8(${call.text(0)})` : call.refuse('text or binary is expected');
}

function hexadecimal(call: CallContext): Value {
  call.arity(1);
  call.change('hex becomes to_hex');
  return call.string(`to_hex(${bytesOf(call)})`);
}

function base64(call: CallContext): Value {
  call.arity(1);
  if (nameOf(call.args[0]!.type) !== 'binary') call.refuse('binary is expected');
  return call.string(`to_base64(${call.args[0]!.sql})`);
}
