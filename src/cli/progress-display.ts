import type { Progress, ProgressEvent, StepName } from '../ports/progress.ts';
import { isGood } from '../domain/outcome.ts';
import { formatBytes, formatCount, formatDuration } from '../report/quantities.ts';
import { paint, visible, type Terminal } from './terminal.ts';

const TTY_REDRAW_MS = 200;
const LINE_EVERY_MS = 30_000;

/** Shows a run while it goes: one redrawn line on a TTY, a plain line every 30 s elsewhere; JSON lines with --json. */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #stream: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;
  #step: StepName | undefined;
  #stepStartedAtMs = 0;
  #expected = { items: 0, sizeBytes: 0 };
  #seen = { items: 0, sizeBytes: 0, bad: 0, retries: 0 };
  #current = '';
  #isLineOpen = false;

  constructor(terminal: Terminal, stream: NodeJS.WriteStream = process.stderr) {
    this.#terminal = terminal;
    this.#stream = stream;
    this.#timer = setInterval(() => this.#draw(), stream.isTTY ? TTY_REDRAW_MS : LINE_EVERY_MS);
    this.#timer.unref();
  }

  readonly progress: Progress = (event) => {
    if (this.#terminal.isJson) return this.#asJson(event);
    switch (event.kind) {
      case 'step-started':
        return this.#startStep(event);
      case 'step-finished':
        return this.#finishStep(event.step, event.durationMs);
      case 'inventoried':
        this.#seen.items = event.files;
        this.#seen.sizeBytes = event.sizeBytes;
        this.#current = event.scope;
        return;
      case 'bytes':
        this.#seen.sizeBytes += event.sizeBytes;
        return;
      case 'item':
        return this.#countItem(event);
      case 'retry':
        this.#seen.retries++;
        this.#current = `${event.subject}: ${event.message}`;
        return;
      case 'note':
        return this.#note(event);
    }
  };

  /** Prints a line without tearing the redrawn one. */
  above(line: string): void {
    this.#clear();
    this.#terminal.say(line);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #startStep(event: Extract<ProgressEvent, { kind: 'step-started' }>): void {
    this.#step = event.step;
    this.#stepStartedAtMs = performance.now();
    this.#expected = { items: event.items ?? 0, sizeBytes: event.sizeBytes ?? 0 };
    this.#seen = { items: 0, sizeBytes: 0, bad: 0, retries: 0 };
    this.#current = '';
    if (this.#stream.isTTY) this.#draw();
  }

  #finishStep(step: StepName, durationMs: number): void {
    const { language, words } = this.#terminal;
    const parts = [
      paint('green', '✓', this.#stream),
      words.steps[step].padEnd(14),
      formatDuration(durationMs, language).padStart(9),
      this.#seen.items > 0 ? `${formatCount(this.#seen.items, language)} ${words.items}` : '',
      this.#seen.sizeBytes > 0 ? formatBytes(this.#seen.sizeBytes, language) : '',
      this.#seen.bad > 0 ? paint('red', `${this.#seen.bad} ✗`, this.#stream) : '',
    ];
    this.above(parts.filter((part) => part !== '').join('  '));
    this.#step = undefined;
  }

  #countItem(event: Extract<ProgressEvent, { kind: 'item' }>): void {
    this.#seen.items++;
    this.#current = event.outcome.itemId;
    if (isGood(event.outcome.status)) return;
    this.#seen.bad++;
    const { itemId, status, message } = event.outcome;
    this.above(
      `${paint('red', '✗', this.#stream)} ${status}: ${visible(itemId)}${message === undefined ? '' : `: ${visible(message)}`}`,
    );
  }

  #note({ level, message }: Extract<ProgressEvent, { kind: 'note' }>): void {
    this.above(level === 'warn' ? paint('yellow', visible(message), this.#stream) : visible(message));
  }

  #draw(): void {
    if (this.#step === undefined || this.#terminal.isJson) return;
    const line = this.#line(this.#step);
    if (!this.#stream.isTTY) return this.#terminal.say(line);
    const width = Math.max(20, this.#stream.columns - 1);
    this.#stream.write(`\r${line.length > width ? `${line.slice(0, width - 1)}…` : line}\u001b[K`);
    this.#isLineOpen = true;
  }

  #line(step: StepName): string {
    const { language, words } = this.#terminal;
    const elapsedMs = performance.now() - this.#stepStartedAtMs;
    const { items, sizeBytes } = this.#seen;
    const done =
      this.#expected.sizeBytes > 0
        ? sizeBytes / this.#expected.sizeBytes
        : this.#expected.items > 0
          ? items / this.#expected.items
          : undefined;
    const parts = [
      words.steps[step],
      `${formatCount(items, language)}${this.#expected.items > 0 ? `/${formatCount(this.#expected.items, language)}` : ''} ${words.items}`,
    ];
    if (sizeBytes > 0)
      parts.push(`${formatBytes(sizeBytes, language)}, ${formatBytes((sizeBytes / elapsedMs) * 1000, language)}/s`);
    if (done !== undefined && done > 0) parts.push(`${Math.floor(Math.min(1, done) * 100)} %`);
    if (done !== undefined && done > 0 && done < 1 && elapsedMs > 2000)
      parts.push(`${formatDuration((elapsedMs / done) * (1 - done), language)} ${words.remaining}`);
    if (this.#current !== '') parts.push(visible(this.#current));
    return parts.join(' · ');
  }

  #asJson(event: ProgressEvent): void {
    if (event.kind === 'bytes' || event.kind === 'inventoried') return;
    this.#stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
  }

  #clear(): void {
    if (!this.#isLineOpen) return;
    this.#stream.write('\r\u001b[K');
    this.#isLineOpen = false;
  }
}
