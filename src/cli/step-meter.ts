import { isGood } from '../domain/outcome.ts';
import type { ProgressEvent, StepName } from '../ports/progress.ts';
import { formatBytes, formatCount, formatDuration } from '../report/quantities.ts';
import { paint, visible, type Terminal } from './terminal.ts';

type Of<Kind extends ProgressEvent['kind']> = Extract<ProgressEvent, { kind: Kind }>;

const BAR_CELLS = 16;

/** Follows one run: which step it is in, how far that is, and what is worth a line of its own. */
export class StepMeter {
  readonly #terminal: Pick<Terminal, 'language' | 'words'>;
  readonly #stream: NodeJS.WriteStream;
  #step: StepName | undefined;
  #stepStartedAtMs = 0;
  #expected = { items: 0, sizeBytes: 0 };
  #seen = { items: 0, sizeBytes: 0, bad: 0, retries: 0 };
  #current = '';

  constructor(terminal: Pick<Terminal, 'language' | 'words'>, stream: NodeJS.WriteStream) {
    this.#terminal = terminal;
    this.#stream = stream;
  }

  /** Returns a line that shall stay on the screen, if the event is worth one. */
  follow(event: ProgressEvent): string | undefined {
    switch (event.kind) {
      case 'step-started':
        return this.#startStep(event);
      case 'step-finished':
        return this.#finishStep(event);
      case 'inventoried':
        this.#seen.items = event.files;
        this.#seen.sizeBytes = event.sizeBytes;
        this.#current = event.scope;
        return undefined;
      case 'bytes':
        this.#seen.sizeBytes += event.sizeBytes;
        return undefined;
      case 'item':
        return this.#countItem(event);
      case 'retry':
        this.#seen.retries++;
        this.#current = `${event.subject}: ${event.message}`;
        return undefined;
      case 'note':
        return event.level === 'warn' ? paint('yellow', visible(event.message), this.#stream) : visible(event.message);
    }
  }

  /** Step, items, volume, rate, share, time left, current item; undefined between steps. */
  line(): string | undefined {
    if (this.#step === undefined) return undefined;
    const { language, words } = this.#terminal;
    const elapsedMs = performance.now() - this.#stepStartedAtMs;
    const { items, sizeBytes } = this.#seen;
    const done = this.#share();
    const ofAll = this.#expected.items > 0 ? `/${formatCount(this.#expected.items, language)}` : '';
    const parts = [words.steps[this.#step], `${formatCount(items, language)}${ofAll} ${words.items}`];
    if (done !== undefined) parts.splice(1, 0, `${this.#bar(done)}${Math.floor(done * 100)} %`);
    if (sizeBytes > 0)
      parts.push(`${formatBytes(sizeBytes, language)}, ${formatBytes((sizeBytes / elapsedMs) * 1000, language)}/s`);
    if (done !== undefined && done > 0 && done < 1 && elapsedMs > 2000)
      parts.push(`${formatDuration((elapsedMs / done) * (1 - done), language)} ${words.remaining}`);
    if (this.#current !== '') parts.push(visible(this.#current));
    return parts.join(' · ');
  }

  #startStep(event: Of<'step-started'>): undefined {
    this.#step = event.step;
    this.#stepStartedAtMs = performance.now();
    this.#expected = { items: event.items ?? 0, sizeBytes: event.sizeBytes ?? 0 };
    this.#seen = { items: 0, sizeBytes: 0, bad: 0, retries: 0 };
    this.#current = '';
  }

  #finishStep({ step, durationMs }: Of<'step-finished'>): string {
    const { language, words } = this.#terminal;
    const parts = [
      paint('green', '✓', this.#stream),
      words.steps[step].padEnd(14),
      formatDuration(durationMs, language).padStart(9),
      this.#seen.items > 0 ? `${formatCount(this.#seen.items, language)} ${words.items}` : '',
      this.#seen.sizeBytes > 0 ? formatBytes(this.#seen.sizeBytes, language) : '',
      this.#seen.bad > 0 ? paint('red', `${this.#seen.bad} ✗`, this.#stream) : '',
    ];
    this.#step = undefined;
    return parts.filter((part) => part !== '').join('  ');
  }

  #countItem({ outcome }: Of<'item'>): string | undefined {
    this.#seen.items++;
    this.#current = outcome.itemId;
    if (isGood(outcome.status)) return undefined;
    this.#seen.bad++;
    const { itemId, status, message } = outcome;
    return `${paint('red', '✗', this.#stream)} ${status}: ${visible(itemId)}${message === undefined ? '' : `: ${visible(message)}`}`;
  }

  /** Between 0 and 1, by volume where that is known. */
  #share(): number | undefined {
    const { items, sizeBytes } = this.#expected;
    if (sizeBytes > 0) return Math.min(1, this.#seen.sizeBytes / sizeBytes);
    return items > 0 ? Math.min(1, this.#seen.items / items) : undefined;
  }

  /** Only where it can be redrawn. ASCII: it goes through every terminal, multiplexer and locale. */
  #bar(share: number): string {
    if (!this.#stream.isTTY) return '';
    const full = Math.floor(share * BAR_CELLS);
    return `[${'='.repeat(full)}${' '.repeat(BAR_CELLS - full)}] `;
  }
}
