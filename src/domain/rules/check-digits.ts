/**
 * Numéro de sécurité sociale: sex, year, month, département, commune, order; with its key or without (INSEE). Months beyond twelve stand for one that is
 * not known.
 */
const NIR = /^[12]\d{2}(?:0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{6}(?:\d{2})?$/;

/** By its form and its key; one of 13 characters, without key, by its form alone, and then only with a month of the calendar. */
export function isNir(value: string): boolean {
  if (!NIR.test(value)) return false;
  return value.length === 15 ? hasValidKey(value) : /^.{3}(0[1-9]|1[0-2])/.test(value);
}

/** Of fifteen characters. The key is 97 less the rest of the number divided by 97; Corsica counts as 19 and 18 (INSEE). */
export function hasValidKey(nir: string): boolean {
  const number = BigInt(nir.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97n - (number % 97n) === BigInt(nir.slice(13));
}

/** Country and length of every IBAN (registry of ISO 13616). */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 ' +
    'GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 ' +
    'MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 ' +
    'VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** ISO 13616: of its country's length; letters count from 10, the first four signs go last, and the whole leaves 1 when divided by 97. */
export function isIban(value: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(value) || IBAN_LENGTHS.get(value.slice(0, 2)) !== value.length) return false;
  const digits = [...value.slice(4), ...value.slice(0, 4)].map((char) => Number.parseInt(char, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

/** Whether a text begins with an IBAN: words that follow one may look like groups of it. */
export function beginsWithIban(text: string): boolean {
  return isIban(text.slice(0, IBAN_LENGTHS.get(text.slice(0, 2)) ?? 0));
}

/** Nine digits (INSEE). */
export function isSiren(value: string): boolean {
  return /^\d{9}$/.test(value) && isLuhn(value);
}

/** A SIREN and five digits (INSEE); those of La Poste may sum up, undoubled, to a multiple of five. */
export function isSiret(value: string): boolean {
  if (!/^\d{14}$/.test(value)) return false;
  return isLuhn(value) || (value.startsWith('356000000') && sum([...value].map(Number)) % 5 === 0);
}

/** Répertoire partagé des professionnels de santé: eleven digits (ANS). */
export function isRpps(value: string): boolean {
  return /^\d{11}$/.test(value) && isLuhn(value);
}

/**
 * Health establishments: nine characters, from the département on; the letter of Corsica counts as 1 (A) or 2 (B). No text of the rule was found: all 121
 * numbers of an annex of the Journal officiel keep it, Corsica's included (arrêté du 4 mars 2015, AFSH1506177A).
 */
export function isFiness(value: string): boolean {
  if (!/^(?:0[1-9]|[1-9]\d|2[AB])\d{7}$/.test(value)) return false;
  return isLuhn(value.replace('A', '1').replace('B', '2'));
}

/** `FR`, two digits and a SIREN: the SIREN followed by 12 leaves those two when divided by 97. A key with letters is told by its SIREN alone. */
export function isVat(value: string): boolean {
  const [, key, siren] = /^FR([0-9A-HJ-NP-Z]{2})(\d{9})$/.exec(value) ?? [];
  if (key === undefined || siren === undefined || !isLuhn(siren)) return false;
  return /[A-Z]/.test(key) || Number(`${siren}12`) % 97 === Number(key);
}

/** The digits, every second one doubled from the right, sum up to a multiple of ten. One number in ten does. */
function isLuhn(value: string): boolean {
  if (/^0+$/.test(value)) return false;
  const doubled = [...value]
    .reverse()
    .map((digit, index) => (index % 2 === 1 ? Number(digit) * 2 : Number(digit)))
    .map((one) => (one > 9 ? one - 9 : one));
  return sum(doubled) % 10 === 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
