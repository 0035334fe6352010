import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8 } from '../../src/domain/utf8-order.ts';

describe('compareUtf8', () => {
  it('orders as the bytes of UTF-8 do, beyond the basic plane too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '-', '/', 'é', '\ue000', '\uffee', '😀', '𝒳') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it('differs from the order of strings where that one is wrong for S3', () => {
    expect(compareUtf8('\uffee', '😀')).toBeLessThan(0);
    expect('\uffee' < '😀').toBe(false);
  });
});
