import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux counts CPU time in these (USER_HZ). */
const TICKS_PER_SECOND = 100;
const SAMPLE_EVERY_MS = 50;

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Usage {
  readonly wallSeconds: number;
  /** User and system time of the process and of all it started. */
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
  readonly output: string;
}

/** Runs a command to its end and says what it took. Throws with the end of its output when it fails. */
export async function measure({ command, args, cwd, env }: Command): Promise<Usage> {
  const cpuBefore = cpuOfEndedChildren();
  const startedAt = performance.now();
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let peakMemoryBytes = 0;
  const sampling = setInterval(() => (peakMemoryBytes = peakMemoryOf(child.pid!) ?? peakMemoryBytes), SAMPLE_EVERY_MS);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  // Nobody else ends it where this process is told to end.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  try {
    const code = await promise;
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output.slice(-3000)}`);
  } finally {
    clearInterval(sampling);
    process.off('exit', end);
  }
  const wallSeconds = (performance.now() - startedAt) / 1000;
  return { wallSeconds, cpuSeconds: cpuOfEndedChildren() - cpuBefore, peakMemoryBytes, output };
}

/** CPU seconds that a running process has used so far. */
export function cpuOf(processId: number): number {
  const [user, system] = statOf(processId);
  return (user! + system!) / TICKS_PER_SECOND;
}

/** Servers are left out by themselves: they have not ended. */
function cpuOfEndedChildren(): number {
  const [, , childrenUser, childrenSystem] = statOf('self');
  return (childrenUser! + childrenSystem!) / TICKS_PER_SECOND;
}

/** utime, stime, cutime, cstime: fields 14 to 17 of proc_pid_stat(5). The name before them may hold spaces. */
function statOf(process: number | 'self'): number[] {
  const text = readFileSync(`/proc/${process}/stat`, 'utf8');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
}

/** The kernel keeps the peak itself: only what grows in the last moments before the end can be missed. */
function peakMemoryOf(processId: number): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** How long some work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
