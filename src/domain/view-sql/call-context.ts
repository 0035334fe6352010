import { convert, toText } from './conversions.ts';
import { DATE, hiveSpelling, isInteger, STRING, trinoSpelling } from './sql-type.ts';
import type { HiveType } from '../rules/hive-type.ts';
import type { Call } from './sql-tree.ts';
import type { Translation, Value } from './translation.ts';

/** How a function of Hive comes out in Athena. */
export type FunctionRule = (call: CallContext) => Value;

/** A call whose arguments are translated; what rules of functions work with. */
export class CallContext {
  readonly node: Call;
  readonly args: readonly Value[];
  readonly translation: Translation;
  /** ` OVER (…)`, or nothing. */
  readonly over: string;

  constructor(node: Call, args: readonly Value[], { translation, over }: { translation: Translation; over: string }) {
    this.node = node;
    this.args = args;
    this.translation = translation;
    this.over = over;
  }

  refuse(why: string): never {
    return this.translation.refuse(this.node.place, `${this.node.name}: ${why}`);
  }

  change(text: string): void {
    this.translation.change(this.node.place, text);
  }

  arity(least: number, most = least): void {
    if (this.args.length < least || this.args.length > most)
      this.refuse(`it is not known with ${this.args.length} arguments`);
  }

  /** The argument as Hive makes text of it. */
  text(index: number): string {
    const value = this.args[index]!;
    const text = toText(value);
    return text?.sql ?? this.refuse(`text of a ${hiveSpelling(value.type)} is not the same in both engines`);
  }

  as(index: number, type: HiveType): string {
    return convert(this.translation, this.args[index]!, type, this.node.place).sql;
  }

  date(index: number): string {
    return this.as(index, DATE);
  }

  whole(index: number): string {
    const value = this.args[index]!;
    return isInteger(value.type) ? value.sql : this.refuse('a whole number is expected');
  }

  /** The value of a string literal. */
  literalText(index: number): string {
    const literal = this.args[index]?.literal;
    return literal?.literal === 'string'
      ? literal.text
      : this.refuse('it is translated only when that text is a literal');
  }

  literalWhole(index: number): number {
    const literal = this.args[index]?.literal;
    return literal?.literal === 'number' && /^-?\d+$/.test(literal.text)
      ? Number(literal.text)
      : this.refuse('it is translated only when that number is a literal');
  }

  string(sql: string): Value {
    return { sql, type: STRING, isExact: true };
  }

  typed(sql: string, type: HiveType): Value {
    return { sql, type, isExact: true };
  }

  cast(sql: string, type: HiveType): Value {
    return { sql: `CAST(${sql} AS ${trinoSpelling(type)})`, type, isExact: true };
  }
}
