import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonLines } from '../../../src/adapters/directory/json-lines.ts';

describe('Lines of JSON', () => {
  it('hold any text as JSON has it, however many there are', () => {
    const latin1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const text = fc.oneof(fc.string({ unit: latin1 }), fc.string({ unit }), fc.constant('é"\\'.repeat(9000)));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        const lines = new JsonLines();
        for (const one of texts) {
          lines.text(one);
          lines.rawBytes(Buffer.from('\n'));
        }
        const written = Buffer.from(lines.bytes).toString('utf8').split('\n').slice(0, -1);
        expect(written.map((line) => JSON.parse(line) as unknown)).toEqual(texts);
        expect(lines.sizeBytes).toBe(lines.bytes.length);
        lines.clear();
        expect(lines.bytes).toHaveLength(0);
      }),
      { numRuns: 200 },
    );
  });

  it('hold numbers as they are spelled, and what is JSON already', () => {
    const lines = new JsonLines();
    lines.raw('{"é":');
    lines.number('-0012.50');
    lines.rawBytes(Buffer.from('}'));
    expect(Buffer.from(lines.bytes).toString('utf8')).toBe('{"é":-0012.50}');
  });
});
