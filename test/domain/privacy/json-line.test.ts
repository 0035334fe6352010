import { describe, expect, it } from 'vitest';
import { pseudonymsOfLine, withPseudonyms } from '../../../src/domain/privacy/json-line.ts';

const [ONE, TWO] = [`v1.${'0a'.repeat(16)}`, `v12.${'b1'.repeat(16)}`];

describe('a row that a function wrote', () => {
  const texts = { a: `"nir":"${ONE}"`, b: `\\"nir":"${ONE}`, c: `${ONE} `, é: TWO };
  const line = `{"nir":"${ONE}","n":-12345678901234567890.10,"ok":true,"none":null,${JSON.stringify(texts).slice(1, -1)},"lakelift_source":"${ONE}"}`;

  it('has the pseudonyms that are whole values, and not the name of its source', () => {
    expect(pseudonymsOfLine(line)).toEqual([
      { column: 'nir', value: ONE },
      { column: 'é', value: TWO },
    ]);
  });

  it('gets others in their place, and keeps every other byte', () => {
    const changed = withPseudonyms(line, (value) => value.replace(/^v/, 'v9'));
    expect(changed).toBe(
      line.replace(`"nir":"${ONE}","n"`, `"nir":"v9${ONE.slice(1)}","n"`).replace(TWO, `v9${TWO.slice(1)}`),
    );
    expect(withPseudonyms(line, (value) => value)).toBe(line);
  });
});
