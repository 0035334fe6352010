import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import winston from 'winston';
import { withoutPeople } from '../../domain/rules/personal-patterns.ts';
import type { Progress, ProgressEvent } from '../../ports/progress.ts';

/** The full log of one run: JSON lines, one per event, readable by its owner only. */
export interface RunLog {
  readonly path: string;
  readonly progress: Progress;
  error(error: unknown): void;
  /** Resolves when everything is on disk: a process that exits before loses lines. */
  close(): Promise<void>;
}

/** `redact` takes secrets out of each finished line, wherever they turn up: messages, metadata, stacks, causes. */
export function openRunLog(path: string, redact: (line: string) => string): RunLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const line = winston.format.printf((info) => redact(JSON.stringify(info, expandErrors)));
  const file = new winston.transports.File({ filename: path, options: { flags: 'a', mode: 0o600 } });
  const logger = winston.createLogger({
    level: 'debug',
    format: winston.format.combine(winston.format.timestamp(), line),
    transports: [file],
  });
  return {
    path,
    progress: (event) => void logger.log(levelOf(event), event.kind, { event }),
    error: (error) => void logger.error('run ended with an error', { error }),
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      file.once('finish', resolve);
      logger.end();
      await promise;
    },
  };
}

function levelOf(event: ProgressEvent): string {
  if (event.kind === 'bytes' || event.kind === 'inventoried') return 'debug';
  return event.kind === 'retry' || (event.kind === 'note' && event.level === 'warn') ? 'warn' : 'info';
}

/** Errors have nothing that JSON sees; their stack and cause are what a log is read for. Texts name nobody; numbers stay. */
function expandErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return withoutPeople(value);
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const errors = value instanceof AggregateError ? { errors: value.errors as unknown[] } : {};
  return { ...value, ...errors, name, message, stack, cause };
}
