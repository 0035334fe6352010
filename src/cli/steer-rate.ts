import { readFileSync, statSync } from 'node:fs';
import { parseByteSize } from '../config/config.ts';
import { LakeliftError } from '../errors.ts';
import type { Progress } from '../ports/progress.ts';
import type { RateLimit } from '../resilience/rate-limit.ts';

const LOOK_EVERY_MS = 2000;

export interface RateSteering {
  /** Holds a rate or `off`; looked at every two seconds while it exists. One that is there already holds too, unless `first` says otherwise. */
  readonly file: string;
  /** The rate to begin with, as given on the command line. */
  readonly first: string | undefined;
  readonly progress: Progress;
}

/** Sets the rate at the start and lets a file change it while a run goes on. Throws `usage` for a first rate that is none. */
export function steerRate(limit: RateLimit, { file, first, progress }: RateSteering): { stop(): void } {
  let seen: string | undefined;
  const look = (): void => {
    const written = whatStandsIn(file);
    if (written === undefined || written.version === seen) return;
    seen = written.version;
    const { text } = written;
    try {
      limit.bytesPerSecond = rateOf(text);
      progress({ kind: 'note', level: 'info', message: `rate: ${text}` });
    } catch {
      progress({ kind: 'note', level: 'warn', message: `${file} holds "${text}", which is no rate` });
    }
  };
  if (first === undefined) look();
  else {
    limit.bytesPerSecond = rateOf(first);
    seen = whatStandsIn(file)?.version;
  }
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** The same text written again is another version: somebody says it once more. */
function whatStandsIn(file: string): { readonly text: string; readonly version: string } | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return { text, version: `${statSync(file).mtimeMs} ${text}` };
  } catch {
    return undefined;
  }
}

function rateOf(text: string): number | undefined {
  if (text === 'off') return undefined;
  const bytes = parseByteSize(text);
  if (bytes !== undefined && bytes > 0) return bytes;
  throw new LakeliftError(`"${text}" is no rate`, {
    kind: 'usage',
    code: 'RATE_INVALID',
    hint: 'Give bytes a second, such as "200 MB", or "off".',
  });
}
