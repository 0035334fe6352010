import { Html, html, type HtmlPart } from './html.ts';
import type { Language } from './quantities.ts';
import { STYLE } from './style.ts';

/** What a page consists of besides its style. */
export interface DocumentParts {
  readonly language: Language;
  readonly title: string;
  readonly kicker: string;
  readonly heading: string;
  readonly meta: HtmlPart;
  readonly body: readonly HtmlPart[];
  readonly footer: string;
}

/** A page that needs nothing else: no script, no network. */
export function renderDocument({ language, title, kicker, heading, meta, body, footer }: DocumentParts): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <p class="kicker">${kicker}</p>
          <h1>${heading}</h1>
          <p class="meta">${meta}</p>
        </header>
        <main>${body}</main>
        <footer><p>${footer}</p></footer>
      </body>
    </html> `.markup;
}
