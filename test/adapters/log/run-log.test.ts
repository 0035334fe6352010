import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownSecrets, noteSecret, redactor } from '../../../src/adapters/log/redactor.ts';
import { openRunLog } from '../../../src/adapters/log/run-log.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'lakelift-log-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the log of a run', () => {
  it('has every event on disk when it is closed, one JSON object a line, for its owner only', async () => {
    const log = openRunLog(join(directory, 'logs/run.jsonl'), redactor(new Set()));
    for (let i = 0; i < 5000; i++) log.progress({ kind: 'bytes', sizeBytes: i });
    await log.close();
    const lines = readFileSync(log.path, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(5000);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: 'debug', event: { kind: 'bytes', sizeBytes: 4999 } });
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
  });

  it('never holds a secret: not in messages, metadata, stacks or causes, plain, escaped or encoded', async () => {
    const secret = 'pass"wörd+/=';
    const log = openRunLog(join(directory, 'run.jsonl'), redactor(new Set([secret])));
    log.progress({ kind: 'note', level: 'warn', message: `it was ${secret}` });
    const cause = Object.assign(new Error(`inner ${encodeURIComponent(secret)}`), { detail: { deep: [secret] } });
    log.error(
      Object.assign(new Error(`outer ${secret}`, { cause }), { basic: Buffer.from(secret).toString('base64') }),
    );
    log.error(new Error('GET /webhdfs/v1/x?op=OPEN&delegation=HAAEaGRmcwRoZGZz&offset=0'));
    await log.close();
    const text = readFileSync(log.path, 'utf8');
    for (const form of ['pass\\"w', 'pass"w', 'pass%22', Buffer.from(secret).toString('base64'), 'HAAEaGRmcwRoZGZz'])
      expect(text).not.toContain(form);
    expect(text).toContain('inner ***');
    expect(text).toContain('stack');
  });

  it('names nobody: not in messages, paths, stacks or causes; numbers stay numbers', async () => {
    const people = ['185057800608491', 'anne.martin@example.org', 'FR1420041010050500013M02606', '06 12 34 56 78'];
    const log = openRunLog(join(directory, 'run.jsonl'), redactor(new Set()));
    for (const person of people) {
      log.progress({ kind: 'note', level: 'warn', message: `/data/rh/dsn/${person}.txt was skipped` });
      log.error(new Error(`outer ${person}`, { cause: Object.assign(new Error('inner'), { path: [person] }) }));
    }
    // The number of bytes has the form of a NIR.
    log.progress({ kind: 'bytes', sizeBytes: 1_701_200_000_000 });
    await log.close();
    const text = readFileSync(log.path, 'utf8');
    for (const person of people) expect(text).not.toContain(person);
    expect(text).toContain('/data/rh/dsn/***.txt was skipped');
    expect(JSON.parse(text.trim().split('\n').at(-1)!)).toMatchObject({ event: { sizeBytes: 1_701_200_000_000 } });
  });

  it('knows secrets that are read after it was opened, however deep the cause that holds them', async () => {
    const log = openRunLog(join(directory, 'run.jsonl'), redactor());
    const renewed = 'renewed/Secret+Key==';
    const throttled = new Error('before it was known');
    log.error(throttled);
    noteSecret(renewed);
    noteSecret('short');
    let error: Error = Object.assign(new Error(`innermost ${renewed}`), { headers: { authorization: [renewed] } });
    for (let depth = 0; depth < 5; depth++)
      error = Object.assign(new Error(`level ${depth}`, { cause: error }), {
        url: `http://x/?k=${encodeURIComponent(renewed)}`,
      });
    log.error(new AggregateError([error], 'all of them', { cause: { response: { body: renewed } } }));
    await log.close();
    const text = readFileSync(log.path, 'utf8');
    for (const form of [renewed, encodeURIComponent(renewed), Buffer.from(renewed).toString('base64')])
      expect(text).not.toContain(form);
    expect(text).toContain('innermost ***');
    expect(knownSecrets.has('short')).toBe(false);
  });
});
