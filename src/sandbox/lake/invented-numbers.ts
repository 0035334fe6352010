import { two } from './random.ts';

/** With its last digit, that of Luhn, as SIREN and SIRET end. */
export function withLuhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** French, of a bank that does not exist (00000); the check digits are right (ISO 13616). `account`: eleven digits and the two of its key. */
export function ibanOf(account: string): string {
  const number = `0000000000${account}`;
  return `FR${two(Number(98n - (BigInt(`${number}152700`) % 97n)))}${number}`;
}
