import { codecOf, type Codec } from './codecs.ts';
import { ENCODING, PAGE_TYPE } from './format.ts';
import { keptContent, RowsOfEntries, type KeptContent } from './kept-content.ts';
import type { ChunkLayout } from './layout.ts';
import { notRewritten } from './not-rewritten.ts';
import { pageContent } from './page-content.ts';
import type { Page } from './pages.ts';
import { keptPlain, readPlain, type PlainValues } from './plain-values.ts';
import type { Leaf } from './schema-leaves.ts';
import { dataPage, dictionaryPage, type WrittenPage } from './written-page.ts';

export interface RewrittenChunk {
  readonly dictionary: WrittenPage | undefined;
  readonly pages: readonly WrittenPage[];
  readonly entries: number;
  readonly encodings: ReadonlySet<number>;
}

/**
 * Pages of a chunk without the entries of rows of which `isErased` is 1. Each data page becomes one, of V1, so that pages are as large as their writer
 * made them; one that loses all its entries goes. A dictionary keeps the values that are still used, and these their order.
 */
export function rewrittenChunk(pages: readonly Page[], chunk: ChunkLayout, isErased: Uint8Array): RewrittenChunk {
  const { leaf } = chunk;
  const codec = codecOf(chunk.codec);
  const [first] = pages;
  const old = first?.type === PAGE_TYPE.dictionary ? first : undefined;
  const values = old && dictionaryValues(old, leaf, codec);
  const dataPages = old === undefined ? pages : pages.slice(1);
  const rows = new RowsOfEntries(isErased);
  const kept = dataPages.map((page) => {
    const content = pageContent(page, { leaf, codec, dictionarySize: values?.count ?? 0 });
    return { page, content: keptContent(content, rows.kept(content), leaf) };
  });
  rows.expectEnd();
  const left = kept.filter(({ content }) => content.entries > 0);
  const used = usedValues(
    left.map(({ content }) => content),
    values?.count ?? 0,
  );
  const written = left.map(({ page, content }) => {
    const { encoding, ...renewed } = indexedAnew(content, page.encoding, used);
    return {
      encoding,
      page: dataPage(renewed, leaf, { codec, encoding, hasCrc: page.hasCrc, dictionarySize: used.count }),
    };
  });
  const dictionary =
    old === undefined || values === undefined || used.count === 0
      ? undefined
      : dictionaryPage(keptPlain(values, used.isUsed, leaf), used.count, { ...old, codec });
  return {
    dictionary,
    pages: written.map(({ page }) => page),
    entries: left.reduce((sum, { content }) => sum + content.entries, 0),
    encodings: new Set([
      ...(old === undefined || dictionary === undefined ? [] : [old.encoding]),
      ...written.map(({ encoding }) => encoding),
      ENCODING.rle,
    ]),
  };
}

function dictionaryValues({ encoding, body, bodyBytes, entries }: Page, leaf: Leaf, codec: Codec): PlainValues {
  // Both say PLAIN: the second is how it was called of old.
  const isPlain = encoding === ENCODING.plain || encoding === ENCODING.plainDictionary;
  if (!isPlain) throw notRewritten(`has a dictionary in encoding ${encoding}`);
  return readPlain(codec.decompress(body, bodyBytes), entries, leaf);
}

interface UsedValues {
  /** 1 for each value of the dictionary as it was that is still used, else 0. */
  readonly isUsed: Uint8Array;
  /** By its index of before. */
  readonly newIndexes: Uint32Array;
  readonly count: number;
}

function usedValues(contents: readonly KeptContent[], dictionarySize: number): UsedValues {
  const isUsed = new Uint8Array(dictionarySize);
  for (const { values } of contents) {
    if (values instanceof Uint32Array) for (const index of values) isUsed[index] = 1;
  }
  let count = 0;
  const newIndexes = Uint32Array.from(isUsed, (one) => {
    count += one;
    return count - 1;
  });
  return { isUsed, newIndexes, count };
}

/** With the encoding that its values have now. A page of indexes that is all NULL needs no dictionary, and there is none where no page has more. */
function indexedAnew(
  content: KeptContent,
  encoding: number,
  used: UsedValues,
): KeptContent & { readonly encoding: number } {
  const { values } = content;
  if (!(values instanceof Uint32Array)) return { ...content, encoding: ENCODING.plain };
  if (used.count === 0) return { ...content, values: new Uint8Array(), encoding: ENCODING.plain };
  return { ...content, values: values.map((index) => used.newIndexes[index]!), encoding };
}
