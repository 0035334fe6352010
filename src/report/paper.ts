import { Html, html } from './html.ts';

const OPEN = '<!--screen-->';
const CLOSE = '<!--/screen-->';

/** What is of no use on paper; hidden there by the style too, for whoever prints the page itself. */
export function onScreen(part: Html): Html {
  return html`${new Html(OPEN)}${part}${new Html(CLOSE)}`;
}

/** A page without what is for the screen only: to leave 100,000 rows out takes a browser as long as to lay them out. */
export function forPaper(page: string): string {
  let depth = 0;
  const isKept = (piece: string): boolean => {
    if (piece === OPEN) depth += 1;
    else if (piece === CLOSE) depth -= 1;
    else return depth === 0;
    return false;
  };
  return page
    .split(/(<!--\/?screen-->)/)
    .filter(isKept)
    .join('');
}
