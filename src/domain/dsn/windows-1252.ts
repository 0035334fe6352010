/**
 * Bytes 0x80 to 0x9F in Windows-1252. In ISO-8859-1 they are control characters, which no declaration holds, so that one table reads both;
 * five stay undefined (WHATWG Encoding, index-windows-1252). TextDecoder is not used: `iso-8859-1` means Windows-1252 to it, and what it makes of
 * these bytes has changed between versions of Node.
 */
const HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const EVERY_HIGH = /[\x80-\x9f]/g;

/** Of a text that was read as ISO-8859-1. */
export function asWindows1252(latin1: string): string {
  return latin1.replaceAll(EVERY_HIGH, (char) => HIGH[char.charCodeAt(0) - 0x80]!);
}
