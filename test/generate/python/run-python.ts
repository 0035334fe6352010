import { spawn } from 'node:child_process';

/** Where the modules stand that generated Python takes along. */
const MODULES = new URL('../../../src/generate/python/', import.meta.url).pathname;

/** Runs a program with JSON as its input and reads JSON from its output. Rejects with what it printed on stderr when it fails. */
export async function runPython<Answer>(program: string, input: unknown, env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const path = [MODULES, env['PYTHONPATH']].filter(Boolean).join(':');
  const child = spawn('python3', ['-c', program], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env, PYTHONPATH: path },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  let messages = '';
  child.stdout.on('data', (piece: Buffer) => void (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (messages += piece.toString()));
  child.on('error', reject);
  child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(messages.slice(-3000)))));
  child.stdin.end(JSON.stringify(input));
  return JSON.parse(await promise) as Answer;
}
