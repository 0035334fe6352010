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

/** As `toBody`, and the same text for the same value, whatever the order in which members were added. */
export function canonicalBody(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `{"$n":"${value}"}`;
  if (typeof value !== 'object' || value === null) return value === undefined ? 'null' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalBody).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort()) {
    if (members[name] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalBody(members[name])}`;
  }
  return `{${text}}`;
}
