import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Resolves true when the server can be used. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
}

/** A server that we started, and end by its process id. */
export interface RunningServer {
  readonly name: string;
  readonly processId: number;
  stop(): Promise<void>;
}

/** Starts a server and waits until it can be used. A failed start names the server and shows the end of its log. */
export async function startServer(server: ServerCommand): Promise<RunningServer> {
  const log = openSync(server.logFile, 'a');
  const child = spawn(server.command, server.args, {
    cwd: server.cwd,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const running = { name: server.name, processId: child.pid!, stop: () => stopProcess(child.pid!) };
  const deadline = performance.now() + server.readyWithinMs;
  try {
    while (!(await server.isReady().catch(() => false))) {
      if (hasEnded(child)) throw new Error(`${server.name} ended while starting`);
      if (performance.now() > deadline)
        throw new Error(`${server.name} was not ready within ${server.readyWithinMs} ms`);
      await sleep(150);
    }
  } catch (error) {
    await running.stop();
    throw new Error(
      `${(error as Error).message}. The end of ${server.logFile}:\n${readFileSync(server.logFile, 'utf8').slice(-3000)}`,
      { cause: error },
    );
  }
  child.unref();
  return running;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Ends a process that we started: politely, then for good. */
export async function stopProcess(processId: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGTERM', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (!send(processId, signal)) return;
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
      await sleep(50);
      if (!send(processId, 0)) return;
    }
  }
}

function send(processId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(processId, signal);
  } catch {
    return false;
  }
}

/** Below those that systems give to outgoing connections (Linux: 32768 to 60999), one of which could take a port before the server that it was found for. */
const PORTS = { first: 10_000, last: 32_000 };

/** Free loopback ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(PORTS.first, PORTS.last);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  const isOurs = await promise;
  if (isOurs) await new Promise((done) => server.close(done));
  return isOurs;
}

export async function acceptsConnections(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

export async function answersOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000) });
  await answer.arrayBuffer();
  return answer.ok;
}
