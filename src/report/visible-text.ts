/**
 * Characters that a reader cannot see or that change how others are shown: controls, zero-width characters, bidirectional marks
 * (Unicode UAX #9) and lone surrogates. File names are chosen by anybody.
 */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'g');
/** A text that looks as if it were spelled out already is spelled out as well, so that the way back is one. */
const SPELLED = new RegExp(`${INVISIBLE.source}|\u27e6(?=U\\+)`, 'g');

/** The text with every such character spelled out: `⟦U+202E⟧`. What stands in these brackets is the character again, one for one. */
export function visibleText(text: string): string {
  return text.replace(SPELLED, (char) => `⟦U+${hexOf(char).toUpperCase()}⟧`);
}

/** JSON that shows nothing invisible and means the same, bigints as decimal text: such characters stand in it as `\\u202e`. */
export function visibleJson(value: unknown, indent?: number): string {
  const exact = (_name: string, member: unknown): unknown => (typeof member === 'bigint' ? String(member) : member);
  return JSON.stringify(value, exact, indent).replace(EVERY_INVISIBLE, (char) =>
    char === '\n' ? char : `\\u${hexOf(char)}`,
  );
}

function hexOf(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0');
}
