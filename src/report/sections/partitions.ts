import { isGood } from '../../domain/outcome.ts';
import type { ReportPartition, ReportScope } from '../../domain/run-report.ts';
import { escapeMarkup, Html, html, type HtmlPart } from '../html.ts';
import { onScreen } from '../paper.ts';
import { code, table, type PageContext } from '../parts.ts';

/** Partitions of a table that stand in one table, on paper too. Longer lists are for the screen, in pieces that open one by one. */
export const PRINTED_PARTITIONS = 200;
/** A browser lays out so many rows at once without being felt. */
const PIECE = 1000;

interface Line extends ReportPartition {
  readonly sourceRows?: string | undefined;
  readonly targetRows?: string | undefined;
}

/** Every partition of a table with what became of it; those that deviate stand first. */
export function partitionLists(context: PageContext, scope: ReportScope): HtmlPart {
  const { shown, total } = scope.partitions;
  if (total === 0) return undefined;
  const { words, count } = context;
  const lines = linesOf(scope);
  const deviating = lines.filter(deviates);
  const others = lines.filter((line) => !deviates(line));
  const cut = shown.length < total && html`<p class="hint">${words.moreOf(count(shown.length), count(total))}</p>`;
  const caption = words.partitionsOf(scope.scope);
  if (lines.length <= PRINTED_PARTITIONS) return [shortList(context, caption, [...deviating, ...others]), cut];
  const { deviatingPartitionsOf, allPartitions, partitionsNotPrinted } = words.longLists;
  return [
    deviating.length > 0 &&
      shortList(context, deviatingPartitionsOf(scope.scope), deviating.slice(0, PRINTED_PARTITIONS)),
    html`<h3>${caption}</h3>`,
    html`<p class="on-paper">${partitionsNotPrinted(count(total))}</p>`,
    html`<p class="on-screen">${allPartitions(count(lines.length))}</p>`,
    piecesOf(lines).map((piece) => foldedPiece(context, caption, piece)),
    cut,
  ];
}

function linesOf({ partitions, reconciliation }: ReportScope): Line[] {
  const rowsOf = new Map(reconciliation?.rows?.partitions.map((partition) => [partition.name, partition]));
  return partitions.shown.map((partition) => {
    const { sourceRows, targetRows } = rowsOf.get(partition.name) ?? {};
    return { ...partition, sourceRows, targetRows };
  });
}

function deviates({ status, sourceRows, targetRows }: Line): boolean {
  return status === 'pending' || !isGood(status) || sourceRows !== targetRows;
}

const hasRows = (lines: readonly Line[]): boolean => lines.some(({ sourceRows }) => sourceRows !== undefined);

function headOf({ words: { head } }: PageContext, lines: readonly Line[]): string[] {
  const rows = hasRows(lines) ? [head.sourceRows, head.targetRows] : [];
  return [head.partition, head.files, head.volume, ...rows, head.status];
}

/** All but the name. */
function cellsOf({ words, count, bytes }: PageContext, line: Line, isCounted: boolean): string[] {
  const { files, sizeBytes, sourceRows, targetRows, status } = line;
  const counted = [sourceRows, targetRows].map((rows) => (rows === undefined ? '–' : count(rows)));
  return [count(files), bytes(sizeBytes), ...(isCounted ? counted : []), words.statuses[status]];
}

function shortList(context: PageContext, caption: string, lines: readonly Line[]): Html {
  const isCounted = hasRows(lines);
  const rows = lines.map((line) => [code(line.name), ...cellsOf(context, line, isCounted)]);
  return table({ caption, head: headOf(context, lines), rows, numberColumns: isCounted ? [1, 2, 3, 4] : [1, 2] });
}

function piecesOf(lines: readonly Line[]): Line[][] {
  const pieces: Line[][] = [];
  for (let at = 0; at < lines.length; at += PIECE) pieces.push(lines.slice(at, at + PIECE));
  return pieces;
}

/** A table without what makes cards of its rows on a phone, which would double the size of a page of 100,000. */
function foldedPiece(context: PageContext, caption: string, lines: readonly Line[]): Html {
  const { words, count } = context;
  const summary = words.longLists.fromTo(lines[0]!.name, lines.at(-1)!.name, count(lines.length));
  const isCounted = hasRows(lines);
  const rows = lines.map((line) => {
    const cells = cellsOf(context, line, isCounted).map((cell) => `<td>${escapeMarkup(cell)}</td>`);
    return `<tr><th scope="row">${escapeMarkup(line.name)}</th>${cells.join('')}</tr>\n`;
  });
  const head = headOf(context, lines).map((name) => html`<th scope="col">${name}</th>`);
  return onScreen(
    html`<details class="on-screen">
      <summary>${summary}</summary>
      <div class="scroll quiet" role="group" aria-label="${summary}" tabindex="0">
        <table class="plain-rows">
          <caption>
            ${caption}
          </caption>
          <thead>
            <tr>
              ${head}
            </tr>
          </thead>
          <tbody>
            ${new Html(rows.join(''))}
          </tbody>
        </table>
      </div>
    </details> `,
  );
}
