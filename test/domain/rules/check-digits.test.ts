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
/** FINESS of the establishments in the annex of the arrêté du 4 mars 2015 (AFSH1506177A), Corsica's among them. */
const PUBLISHED_FINESS = (
  '240000059 240000372 240000448 240000687 330780495 640017638 640017646 150780088 150000032 150780468 150000164 430000018 430000117 ' +
  '430000034 430000190 630780997 630000412 630781029 630000446 210010070 210987665 210780706 210987699 580780070 580972669 290000017 ' +
  '290000256 350000048 350000162 560014748 560000143 280500075 280000662 360000079 360000160 410000103 410000046 080001969 080000276 ' +
  '2A0000154 2B0004246 2B0000038 2B0005342 2B0005359 250000452 250000700 390780161 390000065 700004591 700000029 700780026 700000011 ' +
  '340780717 480780097 480000017 660780776 190000075 190000091 230780041 230000820 230780058 230004657 870000023 870000098 870000031 ' +
  '870000270 550000020 550000012 880007299 880000054 090780107 090001629 090781816 090782244 120004528 120004569 120004619 120004668 ' +
  '120780044 120000039 120780069 120000054 120780085 120000070 310780671 310009279 310000310 320780117 320000086 460780083 460000045 ' +
  '460780091 460000052 460780216 460000110 440000313 440000503 720000066 720000124 020000253 020000394 160000485 160000311 160000493 ' +
  '160000337 860780097 860000058 040780215 040000093 040788879 040000911 050000116 050000231 010780062 010000032 070005566 070000609 ' +
  '260000104 260000286 730780525 730000247'
).split(' ');

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
    [
      isFiness,
      ['750712184', '690781810', '130786049', '2A0000014', '2B0000020'],
      ['750712185', '000712184', '2C0000014', '2B0000014'],
    ],
    [isVat, ['FR40303265045', 'FR23334175221', 'FRK7399859412'], ['FR84323140391', 'FR41303265045', 'FRO7399859412']],
  ] as const)('%o', (isValid, right, wrong) => {
    expect(right.filter((value) => !isValid(value))).toEqual([]);
    expect(wrong.filter((value) => isValid(value))).toEqual([]);
  });

  it('FINESS have the check digit that the published ones have', () => {
    expect(PUBLISHED_FINESS).toHaveLength(121);
    expect(PUBLISHED_FINESS.filter((value) => !isFiness(value))).toEqual([]);
    const next = (value: string): string => value.slice(0, -1) + String((Number(value.at(-1)) + 1) % 10);
    expect(PUBLISHED_FINESS.map(next).filter(isFiness)).toEqual([]);
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
