import { redact } from '../compose-secrets.ts';
import { withoutPeople } from '../domain/rules/personal-patterns.ts';
import type { Progress, ProgressEvent } from '../ports/progress.ts';
import { LiveLines } from './live-lines.ts';
import { StepMeter } from './step-meter.ts';
import type { Terminal } from './terminal.ts';

/** Shows one run while it goes. */
export interface RunDisplay {
  readonly progress: Progress;
  /** Prints a line without tearing what is redrawn. */
  above(line: string): void;
  close(): void;
}

/** One redrawn line on a TTY, a plain line every 30 s elsewhere; JSON lines with --json. */
export class ProgressDisplay implements RunDisplay {
  readonly #terminal: Terminal;
  readonly #stream: NodeJS.WriteStream;
  readonly #meter: StepMeter;
  readonly #lines: LiveLines;

  constructor(terminal: Terminal, stream: NodeJS.WriteStream = process.stderr) {
    this.#terminal = terminal;
    this.#stream = stream;
    this.#meter = new StepMeter(terminal, stream);
    this.#lines = new LiveLines({
      stream,
      say: (line) => terminal.say(line),
      draw: () => (terminal.isJson ? [] : [this.#meter.line()].filter((line) => line !== undefined)),
    });
  }

  readonly progress: Progress = (event) => {
    if (this.#terminal.isJson) return writeJson(this.#stream, event);
    const line = this.#meter.follow(event);
    if (line !== undefined) this.#lines.above(line);
    if (event.kind === 'step-started') this.#lines.redraw();
  };

  above(line: string): void {
    this.#lines.above(line);
  }

  close(): void {
    this.#lines.close();
  }
}

/** One JSON line an event; amounts that come many times a second are left out. */
export function writeJson(
  stream: NodeJS.WriteStream,
  event: ProgressEvent,
  context: { readonly useCase?: string } = {},
): void {
  if (event.kind === 'bytes' || event.kind === 'inventoried') return;
  stream.write(`${redact(JSON.stringify({ at: new Date().toISOString(), ...context, ...event }, namingNobody))}\n`);
}

/** Whoever reads the log of a CI job may see no rows. */
function namingNobody(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutPeople(value) : value;
}
