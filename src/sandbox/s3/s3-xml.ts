/** A document: elements by name; an array repeats its element, undefined leaves it out. */
interface XmlElements {
  readonly [name: string]: XmlValue;
}
type XmlValue = string | number | boolean | undefined | XmlElements | readonly (string | XmlElements)[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** An S3 answer with its XML declaration and namespace. */
export function s3Document(root: string, content: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${render(content)}</${root}>`;
}

/** An S3 error body; these have no namespace. */
export function s3ErrorDocument(content: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${render(content)}</Error>`;
}

function render(elements: XmlElements): string {
  return Object.entries(elements)
    .map(([name, value]) =>
      Array.isArray(value) ? value.map((item) => element(name, item as XmlValue)).join('') : element(name, value),
    )
    .join('');
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  const content = typeof value === 'object' ? render(value as XmlElements) : escapeXml(String(value));
  return `<${name}>${content}</${name}>`;
}

/** Control characters become numeric references, as S3 does where no encoding-type was asked for; strict parsers refuse some of them. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!)
    .replaceAll(/[\u0000-\u0008\u000a-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

/** Contents of every `<name>` element, unescaped only when `textOf` reads them. Enough for S3's flat request bodies, which have no CDATA. */
export function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1]!);
}

/** Text of the first `<name>` element, or undefined. */
export function textOf(xml: string, name: string): string | undefined {
  const content = elementsOf(xml, name)[0];
  return content?.trim().replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(amp|lt|gt|quot|apos));/g, decodeEntity);
}

function decodeEntity(_entity: string, hex?: string, decimal?: string, name?: string): string {
  if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
  return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name!]!;
}
