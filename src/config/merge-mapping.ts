import { Document, isMap, isScalar, parseDocument, YAMLMap, type Pair, type Scalar } from 'yaml';
import type { ColumnMapping, Mapping, TableMapping } from '../domain/mapping.ts';

/** What merging a proposal did; entries read `rh.dsn`, `rh.dsn.nir` or `/data/x`. */
export interface MappingDiff {
  readonly added: readonly string[];
  /** Tables and paths that were there already, edited or not. */
  readonly kept: readonly string[];
  /** Still in the file, marked by a comment, but no longer at the source. */
  readonly vanished: readonly string[];
}

const HEADER = ` yaml-language-server: $schema=mapping.schema.json
 Proposed by "lakelift map"; yours to edit. Proposing again only adds what is new and never changes what stands here.`;
const VANISHED = ' no longer at the source';

interface Draft {
  readonly added: string[];
  readonly kept: string[];
  readonly vanished: string[];
  isChanged: boolean;
}

/** Merges a proposal into the text of a mapping (undefined: there is none yet). Comments, order and values of the text stay. */
export function mergeMapping(
  existing: string | undefined,
  proposal: Mapping,
): { readonly text: string; readonly diff: MappingDiff } {
  const document = existing === undefined ? emptyDocument(proposal) : parseDocument(existing);
  const draft: Draft = { added: [], kept: [], vanished: [], isChanged: existing === undefined };
  const root = document.contents as YAMLMap;
  mergeTables(section(root, 'tables'), proposal, draft);
  mergePaths(section(root, 'paths'), proposal, draft);
  for (const name of ['tables', 'paths']) if (section(root, name).items.length === 0) root.delete(name);
  const text = draft.isChanged ? document.toString({ lineWidth: 0 }) : existing!;
  return { text, diff: { added: draft.added, kept: draft.kept, vanished: draft.vanished } };
}

function emptyDocument(proposal: Mapping): Document {
  const document = new Document({ useCase: proposal.useCase });
  document.commentBefore = HEADER;
  return document;
}

/** The map under a key of the root, put there when missing or empty (`tables:` alone parses as null). */
function section(root: YAMLMap, name: string): YAMLMap {
  const present = root.get(name, true);
  if (isMap(present)) return withOwnComments(present);
  const created = new YAMLMap();
  root.set(name, created);
  return created;
}

/** A comment above the first entry is parsed as the map's; it is the entry's, whatever is put before it. */
function withOwnComments(map: YAMLMap): YAMLMap {
  const first = map.items[0]?.key;
  if (map.commentBefore == null || !isScalar(first)) return map;
  first.commentBefore = [map.commentBefore, first.commentBefore ?? ''].filter((text) => text !== '').join('\n');
  map.commentBefore = null;
  return map;
}

function mergeTables(tables: YAMLMap, proposal: Mapping, draft: Draft): void {
  for (const [name, table] of Object.entries(proposal.tables)) {
    const present = tables.get(name, true);
    if (present === undefined)
      insertInOrder(tables, pairOf(name, tableNode(table)), Object.keys(proposal.tables), draft);
    else if (isMap(present)) mergeColumns(present, { name, table }, draft);
    (present === undefined ? draft.added : draft.kept).push(name);
  }
  markVanished(tables, { known: proposal.tables, nameOf: (key) => key }, draft);
}

function mergePaths(paths: YAMLMap, proposal: Mapping, draft: Draft): void {
  for (const [path, mapping] of Object.entries(proposal.paths)) {
    const isPresent = paths.has(path);
    if (!isPresent) insertInOrder(paths, pairOf(path, pathNode(mapping)), Object.keys(proposal.paths), draft);
    (isPresent ? draft.kept : draft.added).push(path);
  }
  markVanished(paths, { known: proposal.paths, nameOf: (key) => key }, draft);
}

function mergeColumns(node: YAMLMap, proposed: { name: string; table: TableMapping }, draft: Draft): void {
  const names = Object.keys(proposed.table.columns);
  const columns = section(node, 'columns');
  for (const [column, mapping] of Object.entries(proposed.table.columns)) {
    if (columns.has(column)) continue;
    insertInOrder(columns, pairOf(column, columnNode(mapping)), names, draft);
    draft.added.push(`${proposed.name}.${column}`);
  }
  markVanished(columns, { known: proposed.table.columns, nameOf: (key) => `${proposed.name}.${key}` }, draft);
  if (columns.items.length === 0) node.delete('columns');
}

/** Puts a new entry after the nearest one that precedes it in the proposal, so that columns keep the order of the table. */
function insertInOrder(map: YAMLMap, pair: Pair, order: readonly string[], draft: Draft): void {
  const before = order.slice(0, order.indexOf(keyOf(pair)));
  const index = map.items.findLastIndex((other) => before.includes(keyOf(other)));
  map.items.splice(index + 1, 0, pair);
  map.flow = false;
  draft.isChanged = true;
}

function markVanished(
  map: YAMLMap,
  { known, nameOf }: { known: Readonly<Record<string, unknown>>; nameOf: (key: string) => string },
  draft: Draft,
): void {
  for (const pair of map.items) {
    const key = keyOf(pair);
    const isVanished = !Object.hasOwn(known, key);
    if (isVanished) draft.vanished.push(nameOf(key));
    mark(pair, isVanished, draft);
  }
}

function mark(pair: Pair, isVanished: boolean, draft: Draft): void {
  const node = pair.key as Scalar;
  const lines = (node.commentBefore ?? '').split('\n').filter((line) => line !== '');
  const isMarked = lines.includes(VANISHED);
  if (isVanished === isMarked) return;
  const wanted = isVanished ? [...lines, VANISHED] : lines.filter((line) => line !== VANISHED);
  node.commentBefore = wanted.length === 0 ? null : wanted.join('\n');
  draft.isChanged = true;
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function tableNode(table: TableMapping): YAMLMap {
  const node = mapNode({ storage: table.storage });
  const { target, partitions, reconcile } = table;
  node.items.unshift(pairOf('target', flowNode(target)));
  node.items.push(pairOf('partitions', flowNode(partitions)), pairOf('columns', columnsNode(table)));
  node.items.push(pairOf('reconcile', flowNode(reconcile)));
  return node;
}

function columnsNode(table: TableMapping): YAMLMap {
  const node = new YAMLMap();
  for (const [name, column] of Object.entries(table.columns)) node.items.push(pairOf(name, columnNode(column)));
  return node;
}

function columnNode(column: ColumnMapping): YAMLMap {
  return flowNode(column);
}

function pathNode(mapping: Mapping['paths'][string]): YAMLMap {
  const node = new YAMLMap();
  node.items.push(pairOf('target', flowNode(mapping.target)));
  return node;
}

function mapNode(value: object): YAMLMap {
  return new Document().createNode(value);
}

function flowNode(value: object): YAMLMap {
  const node = mapNode(value);
  node.flow = true;
  return node;
}

function pairOf(key: string, node: YAMLMap): Pair {
  return new Document().createPair(key, node);
}
