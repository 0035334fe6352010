import { describe, expect, it } from 'vitest';
import { canonicalBody, fromBody } from '../../../src/adapters/ledger/json-body.ts';

/** By `sort` and JSON alone. */
function plainly(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: String(value) };
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, plainly(member)]),
  );
}

describe('the canonical text of an item', () => {
  it.each([1, 2, 7, 31, 32, 33, 200])('has its %i members in one order, however they came', (count) => {
    const names = Array.from({ length: count }, (_, index) => `é${(index * 7919) % 1009}"\n`);
    const valueOf = (name: string) => ({ b: name, a: [name, null, 1.5, { z: 1n, y: undefined }] });
    const [one, other] = [names, names.toReversed()].map((all) =>
      Object.fromEntries(all.map((name) => [name, valueOf(name)])),
    );
    expect(canonicalBody(one)).toBe(JSON.stringify(plainly(one)));
    expect(canonicalBody(other)).toBe(canonicalBody(one));
    expect(fromBody(canonicalBody(one))).toMatchObject({ [names[0]!]: { a: [names[0], null, 1.5, { z: 1n }] } });
  });
});
