/** How texts are read as values of a type: what engines match, put together and cast, so that all of them read the same. */
export type Reading = {
  /** Spelled as Hive spells it: `date`, `decimal(10,2)`. */
  readonly type: string;
} & (
  | {
      /** Of the whole text without the blanks around it: only what every engine's regular expressions have in common. */
      readonly shape: string;
      /** What is cast, with `\1` for the first group. */
      readonly value: string;
    }
  /** In lower case. */
  | { readonly yes: string; readonly no: string }
);

/** As people write them under "type" of a column. */
export const READING_FORMS =
  'int, bigint, decimal(<digits>,<decimals>)[:,], double[:,], boolean[:<yes>/<no>], date[:<pattern>], timestamp[:<pattern>], with yyyy MM dd HH mm ss in a pattern';

const MOST_DIGITS = 38;
const DAY = 'yyyy-MM-dd';

/** undefined for what is none. */
export function parseReading(form: string): Reading | undefined {
  const [type = '', format] = form.split(/:(.*)/s);
  const decimal = /^decimal\(([1-9]\d?),(\d{1,2})\)$/.exec(type);
  if (decimal !== null) return decimalOf(type, { digits: Number(decimal[1]), scale: Number(decimal[2]) }, format);
  switch (type) {
    case 'int':
    case 'bigint':
      return format === undefined
        ? { type, shape: '(?:[+]?([0-9]{1,19})|(-[0-9]{1,19}))', value: '\\1\\2' }
        : undefined;
    case 'double':
      return doubleOf(format);
    case 'boolean':
      return booleanOf(format);
    case 'date':
      return timeOf(type, format ?? DAY, '');
    case 'timestamp':
      return timeOf(type, format ?? `${DAY} HH:mm:ss`, format === undefined ? '(?:[.]([0-9]{1,6}))?' : '');
    default:
      return undefined;
  }
}

/** The sign between a number and its decimals. */
function pointOf(format: string | undefined): string | undefined {
  if (format === undefined) return '[.]';
  return format === ',' ? ',' : undefined;
}

/** A number with more digits than the type has is none of it: nothing is rounded. */
function decimalOf(
  type: string,
  { digits, scale }: { readonly digits: number; readonly scale: number },
  format: string | undefined,
): Reading | undefined {
  const point = pointOf(format);
  if (point === undefined || digits > MOST_DIGITS || scale >= digits) return undefined;
  const fraction = scale === 0 ? '()' : `(?:${point}([0-9]{1,${scale}}))?`;
  return { type, shape: `(?:[+]|(-))?0*([0-9]{1,${digits - scale}})${fraction}`, value: '\\1\\2.\\3' };
}

function doubleOf(format: string | undefined): Reading | undefined {
  const point = pointOf(format);
  if (point === undefined) return undefined;
  const shape = `(?:[+]|(-))?([0-9]{1,38})(?:${point}([0-9]{1,38}))?([eE][+-]?[0-9]{1,2})?`;
  return { type: 'double', shape, value: '\\1\\2.\\3\\4' };
}

function booleanOf(format = 'true/false'): Reading | undefined {
  const [yes = '', no = '', ...more] = format.toLowerCase().split('/');
  const isPlain = /^[a-z0-9]+$/.test(yes) && /^[a-z0-9]+$/.test(no);
  return isPlain && yes !== no && more.length === 0 ? { type: 'boolean', yes, no } : undefined;
}

const FIELDS: Readonly<Record<string, string>> = {
  yyyy: '([0-9]{4})',
  MM: '([0-9]{2})',
  dd: '([0-9]{2})',
  HH: '([01][0-9]|2[0-3])',
  mm: '([0-5][0-9])',
  ss: '([0-5][0-9])',
};
const OF_A_DAY = ['yyyy', 'MM', 'dd'];

/** A pattern names year, month and day, each once; hours, minutes and seconds where it likes. `fraction`: of seconds, after all else. */
function timeOf(type: 'date' | 'timestamp', pattern: string, fraction: string): Reading | undefined {
  const pieces = pattern.match(/yyyy|MM|dd|HH|mm|ss|T|[ ./:-]|./gsu) ?? [];
  const fields = pieces.filter((piece) => piece in FIELDS);
  const isKnown = pieces.every((piece) => piece in FIELDS || /^[T ./:-]$/.test(piece));
  if (!isKnown || new Set(fields).size < fields.length || OF_A_DAY.some((field) => !fields.includes(field)))
    return undefined;
  const shape = pieces.map((piece) => FIELDS[piece] ?? `[${piece}]`).join('') + fraction;
  const group = (field: string): string => (fields.includes(field) ? `\\${fields.indexOf(field) + 1}` : '00');
  const day = OF_A_DAY.map(group).join('-');
  if (type === 'date') return { type, shape, value: day };
  const seconds = `${group('ss')}${fraction === '' ? '' : `.\\${fields.length + 1}`}`;
  return { type, shape, value: `${day} ${group('HH')}:${group('mm')}:${seconds}` };
}
