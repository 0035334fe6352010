import { describe, expect, it } from 'vitest';
import {
  beginsWithIban,
  isFiness,
  isIban,
  isNir,
  isRpps,
  isSiren,
  isSiret,
  isVat,
} from '../../../src/domain/rules/check-digits.ts';

/** Numbers of public documents and of public bodies. */
describe('check digits', () => {
  it.each([
    [
      isNir,
      ['185057800608491', '255082A16802597', '1850578006084'],
      ['185057800608492', '1851378006084', '185057800608'],
    ],
    [
      isIban,
      ['FR1420041010050500013M02606', 'DE89370400440532013000'],
      ['FR1520041010050500013M02606', 'ZZ89370400440532013000'],
    ],
    [isSiren, ['732829320', '356000000'], ['732829321', '000000000', '73282932']],
    // Those of La Poste: its head office, and two that only its own rule accepts, and refuses.
    [isSiret, ['73282932000074', '35600000000048', '35600000049837'], ['73282932000075', '35600000049838']],
    [isRpps, ['10003456786', '81000000000'], ['10003456787', '1000345678']],
    [isFiness, ['750712184', '690781810', '130786049', '2A0000014'], ['750712185', '000712184', '2C0000014']],
    [isVat, ['FR40303265045', 'FR23334175221', 'FRK7399859412'], ['FR84323140391', 'FR41303265045', 'FRO7399859412']],
  ] as const)('%o', (isValid, right, wrong) => {
    expect(right.filter((value) => !isValid(value))).toEqual([]);
    expect(wrong.filter((value) => isValid(value))).toEqual([]);
  });

  it('an IBAN is found before words that look like a group of it', () => {
    expect(beginsWithIban('ES9121000418450200051332DONT')).toBe(true);
    expect(beginsWithIban('ES9121000418450200051333DONT')).toBe(false);
    expect(beginsWithIban('XX')).toBe(false);
  });

  /** docs/zones.md says these; a fixed sequence, so that the figures stay. */
  it.each([
    [isNir, 15, 651],
    [isNir, 13, 43],
    [isRpps, 11, 10],
    [isSiren, 9, 10],
    [isSiret, 14, 10],
    [isFiness, 9, 10],
  ] as const)('%o is true by chance for numbers of %i digits: one in %i', (isValid, length, oneIn) => {
    const draws = oneIn * 400;
    let state = 12_345n;
    let valid = 0;
    for (let drawn = 0; drawn < draws; drawn += 1) {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      if (isValid(String((state >> 4n) % 10n ** BigInt(length)).padStart(length, '0'))) valid += 1;
    }
    expect(draws / valid / oneIn).toBeGreaterThan(0.85);
    expect(draws / valid / oneIn).toBeLessThan(1.15);
  });
});
