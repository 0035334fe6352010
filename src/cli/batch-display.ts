import type { ProgressEvent } from '../ports/progress.ts';
import { LiveLines } from './live-lines.ts';
import { writeJson, type RunDisplay } from './progress-display.ts';
import { StepMeter } from './step-meter.ts';
import { paint, type Terminal } from './terminal.ts';

/** More would push what is said above off the screen. */
const LINES_SHOWN = 8;

/** Shows several runs at once: a redrawn line each on a TTY, a plain line each every 30 s elsewhere, JSON lines that name the use case with --json. */
export class BatchDisplay {
  readonly #terminal: Terminal;
  readonly #stream: NodeJS.WriteStream;
  readonly #meters = new Map<string, StepMeter>();
  readonly #lines: LiveLines;

  constructor(terminal: Terminal, stream: NodeJS.WriteStream = process.stderr) {
    this.#terminal = terminal;
    this.#stream = stream;
    this.#lines = new LiveLines({ stream, say: (line) => terminal.say(line), draw: () => this.#draw() });
  }

  /** What one of the runs tells. Its lines name it, since others stand between them. */
  of(useCase: string): RunDisplay {
    this.#meters.set(useCase, new StepMeter(this.#terminal, this.#stream));
    return {
      progress: (event) => this.#follow(useCase, event),
      above: (line) => this.#lines.above(this.#named(useCase, line)),
      close: () => void this.#meters.delete(useCase),
    };
  }

  above(line: string): void {
    this.#lines.above(line);
  }

  close(): void {
    this.#lines.close();
  }

  #follow(useCase: string, event: ProgressEvent): void {
    if (this.#terminal.isJson) return writeJson(this.#stream, event, { useCase });
    const line = this.#meters.get(useCase)?.follow(event);
    if (line !== undefined) this.#lines.above(this.#named(useCase, line));
    if (event.kind === 'step-started') this.#lines.redraw();
  }

  #draw(): string[] {
    if (this.#terminal.isJson) return [];
    const running = [...this.#meters].flatMap(([useCase, meter]) => {
      const line = meter.line();
      return line === undefined ? [] : [`${useCase}: ${line}`];
    });
    const more = running.length - LINES_SHOWN;
    return more > 0 ? [...running.slice(0, LINES_SHOWN), `… +${more}`] : running;
  }

  #named(useCase: string, line: string): string {
    return `${paint('cyan', useCase, this.#stream)}  ${line}`;
  }
}
