import type { HiveType } from '../rules/hive-type.ts';
import type { Place } from './view-sql-error.ts';

/** A query of Hive's SQL, as far as lakelift translates it. Names are lower case, as Hive folds them. */
export interface Query {
  readonly ctes: readonly { readonly name: string; readonly query: Query; readonly place: Place }[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: number | undefined;
}

export type QueryBody =
  | Select
  | { readonly kind: 'nested'; readonly query: Query }
  | {
      readonly kind: 'set';
      readonly operator: 'UNION ALL' | 'UNION' | 'INTERSECT' | 'EXCEPT';
      readonly left: QueryBody;
      readonly right: QueryBody;
      readonly place: Place;
    };

export interface Select {
  readonly kind: 'select';
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: FromItem | undefined;
  readonly where?: Expression | undefined;
  readonly grouping?: Grouping | undefined;
  readonly having?: Expression | undefined;
  /** Clauses that only spread rows over reducers (`SORT BY`…). */
  readonly spreading: readonly { readonly clause: string; readonly place: Place }[];
  readonly place: Place;
}

export interface Grouping {
  readonly keys: readonly Expression[];
  /** Undefined for a plain GROUP BY. */
  readonly sets?: readonly (readonly Expression[])[] | undefined;
  readonly word?: 'ROLLUP' | 'CUBE' | undefined;
}

export type SelectItem =
  | { readonly kind: 'all'; readonly qualifier?: string | undefined; readonly place: Place }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias?: string | undefined };

export type JoinKind = 'CROSS JOIN' | 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'FULL JOIN' | 'LEFT SEMI JOIN';

export type FromItem =
  | TableReference
  | { readonly kind: 'subquery'; readonly query: Query; readonly alias: string; readonly place: Place }
  | {
      readonly kind: 'join';
      readonly join: JoinKind;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expression | undefined;
      readonly place: Place;
    }
  | {
      readonly kind: 'lateral';
      readonly left: FromItem;
      readonly isOuter: boolean;
      readonly call: Call;
      readonly alias: string;
      readonly columns: readonly string[];
      readonly place: Place;
    };

export interface TableReference {
  readonly kind: 'table';
  readonly database?: string | undefined;
  readonly name: string;
  readonly alias: string;
  readonly place: Place;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly isDescending: boolean;
  readonly nulls?: 'FIRST' | 'LAST' | undefined;
}

export type LiteralKind = 'null' | 'boolean' | 'string' | 'number' | 'date' | 'timestamp';

export interface Literal {
  readonly kind: 'literal';
  readonly literal: LiteralKind;
  /** The string's value, or the number as written with its suffix. */
  readonly text: string;
  readonly place: Place;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly isDistinct: boolean;
  /** `count(*)` */
  readonly isStar: boolean;
  readonly over?: WindowSpec | undefined;
  readonly place: Place;
}

export interface WindowSpec {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  /** In words that both engines read: `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`. */
  readonly frame?: string | undefined;
}

export type Expression =
  | Literal
  | Call
  | { readonly kind: 'column'; readonly parts: readonly string[]; readonly place: Place }
  | { readonly kind: 'field'; readonly value: Expression; readonly name: string; readonly place: Place }
  | { readonly kind: 'index'; readonly value: Expression; readonly index: Expression; readonly place: Place }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | '~' | 'NOT';
      readonly value: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly isEnclosed: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: 'is';
      readonly value: Expression;
      readonly what: 'NULL' | 'TRUE' | 'FALSE';
      readonly isNegated: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: 'between';
      readonly value: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly isNegated: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: 'in';
      readonly value: Expression;
      readonly list: readonly Expression[];
      readonly isNegated: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: 'in-query';
      readonly value: Expression;
      readonly query: Query;
      readonly isNegated: boolean;
      readonly place: Place;
    }
  | { readonly kind: 'exists'; readonly query: Query; readonly place: Place }
  | { readonly kind: 'scalar'; readonly query: Query; readonly place: Place }
  | {
      readonly kind: 'match';
      readonly operator: 'LIKE' | 'RLIKE';
      readonly value: Expression;
      readonly pattern: Expression;
      readonly isNegated: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: 'case';
      readonly operand?: Expression | undefined;
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise?: Expression | undefined;
      readonly place: Place;
    }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: HiveType; readonly place: Place };
