const TTY_REDRAW_MS = 200;
const LINE_EVERY_MS = 30_000;

export interface LiveLinesOptions {
  readonly stream: NodeJS.WriteStream;
  readonly say: (line: string) => void;
  /** The lines as they are now. */
  readonly draw: () => readonly string[];
}

/** Lines that are redrawn in place on a TTY, and said again every 30 s elsewhere. */
export class LiveLines {
  readonly #options: LiveLinesOptions;
  readonly #timer: NodeJS.Timeout;
  #open = 0;

  constructor(options: LiveLinesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), options.stream.isTTY ? TTY_REDRAW_MS : LINE_EVERY_MS);
    this.#timer.unref();
  }

  /** Says a line that stays. */
  above(line: string): void {
    this.#clear();
    this.#options.say(line);
  }

  /** At once, where they can be redrawn. */
  redraw(): void {
    if (this.#options.stream.isTTY) this.#tick();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #tick(): void {
    const { stream, say, draw } = this.#options;
    const lines = draw();
    if (!stream.isTTY) return lines.forEach((line) => say(line));
    const width = Math.max(20, stream.columns - 1);
    const cut = lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
    this.#clear();
    stream.write(`\r${cut.map((line) => `${line}\u001b[K`).join('\n')}`);
    this.#open = cut.length;
  }

  /** Leaves the cursor at the beginning of where the first line was. */
  #clear(): void {
    if (this.#open === 0) return;
    const up = this.#open > 1 ? `\u001b[${this.#open - 1}A` : '';
    this.#options.stream.write(`\r${up}\u001b[J`);
    this.#open = 0;
  }
}
