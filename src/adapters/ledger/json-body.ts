/** JSON in which bigints survive (`fileId`): written as {"$n":"…"}. Object keys keep their order. */
export function toBody(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? { $n: String(member) } : member,
  );
}

export function fromBody<Value>(body: string): Value {
  if (!body.includes('"$n"')) return JSON.parse(body) as Value;
  return JSON.parse(body, (_key, member: unknown) => (isBigint(member) ? BigInt(member.$n) : member)) as Value;
}

function isBigint(value: unknown): value is { $n: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { $n?: unknown }).$n === 'string' &&
    Object.keys(value).length === 1
  );
}

/** The same text for the same value, whatever the order in which members were added. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
