/** Numéro de sécurité sociale: sex, year, month, département, commune, order; with its key or without (INSEE). */
const NIR = String.raw`[12]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{6}(?:\d{2})?`;
const WHOLE_NIR = new RegExp(`^${NIR}$`);

/** Values that are personal wherever they stand, told by their form and, where they have one, by their check digits. */
export const PERSONAL_PATTERNS: readonly { readonly pattern: RegExp; readonly isValid: (value: string) => boolean }[] =
  [
    { pattern: new RegExp(String.raw`(?<![\p{L}\p{N}])${NIR}(?![\p{L}\p{N}])`, 'gu'), isValid: isNir },
    {
      pattern: /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?![\p{L}\p{N}])/gu,
      isValid: isIban,
    },
    { pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, isValid: () => true },
    {
      pattern: /(?<![\p{L}\p{N}])(?:0|\+33 ?|0033 ?)[1-9](?:[ .-]?\d{2}){4}(?![\p{L}\p{N}])/gu,
      isValid: () => true,
    },
  ];

/** By its form and its key; one of 13 characters, without key, by its form alone, and then only with a month of the calendar. */
export function isNir(value: string): boolean {
  if (!WHOLE_NIR.test(value)) return false;
  return value.length === 15 ? hasValidKey(value) : /^.{3}(0[1-9]|1[0-2])/.test(value);
}

/** The key is 97 less the rest of the number divided by 97; Corsica counts as 19 and 18 (INSEE). */
function hasValidKey(nir: string): boolean {
  const number = BigInt(nir.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97n - (number % 97n) === BigInt(nir.slice(13));
}

/** ISO 13616: letters count from 10, the first four signs go last, and the whole leaves 1 when divided by 97. */
export function isIban(value: string): boolean {
  const digits = [...value.slice(4), ...value.slice(0, 4)].map((char) => Number.parseInt(char, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}
