/** A map whose entries may be more than memory holds. Values come back as JSON keeps them. An ordinary map does for what fits. */
export interface LargeMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  set(key: string, value: Value): unknown;
  delete(key: string): unknown;
  /** In the order of keys, unless it is an ordinary map. It may be changed meanwhile. */
  [Symbol.iterator](): Iterator<[string, Value]>;
}

export type NewMap = <Value>() => LargeMap<Value>;
