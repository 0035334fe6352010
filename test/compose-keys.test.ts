import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownSecrets } from '../src/adapters/log/redactor.ts';
import { readPseudonymKeys, readRotationKeys } from '../src/compose-keys.ts';
import { parseConfig, type Config, type Project } from '../src/config/config.ts';

const KEY = 'c3'.repeat(32);
const scheme = { domain: 'rh', version: 1 };
/** That of the one version. */
const readKey = async (from: Project): Promise<Uint8Array> => (await readPseudonymKeys(from, scheme, [1])).get(1)!;

let directory: string;
let server: Server | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lakelift-keys-'));
  mkdirSync(join(directory, 'project'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

const project = (place: object, endpoint?: string): Project => projectOf({ rh: { version: 1, ...place } }, endpoint);

function projectOf(keys: object, endpoint?: string): Project {
  const config: Config = parseConfig({
    source: { hdfs: { nameNodes: ['http://127.0.0.1:1'] }, hive: { metastore: ['thrift://127.0.0.1:1'] } },
    target: { region: 'eu-west-3', ...(endpoint === undefined ? {} : { secretsManager: { endpoint } }) },
    zones: {},
    privacy: { keys },
  });
  return { root: join(directory, 'project'), config };
}

const write = (path: string, text = KEY) => {
  writeFileSync(join(directory, path), text);
  return join(directory, path);
};

/** Answers as Secrets Manager does. */
async function secretsManager(status: number, answer: object): Promise<string> {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the key of pseudonyms', () => {
  it('comes from a file outside of the project, by an absolute or a relative name', async () => {
    const file = write('rh.key');
    for (const place of [file, '../rh.key'])
      expect(Buffer.from(await readKey(project({ file: place }))).toString('hex')).toBe(KEY);
    expect(knownSecrets.has(KEY)).toBe(true);
  });

  it('is refused from a file in the project, behind a link as well, and never repeated', async () => {
    write('project/rh.key');
    symlinkSync(join(directory, 'project/rh.key'), join(directory, 'link.key'));
    for (const file of ['rh.key', join(directory, 'project/rh.key'), '../link.key', '../project/rh.key']) {
      const refused = readKey(project({ file }));
      await expect(refused).rejects.toMatchObject({ kind: 'usage', code: 'PSEUDONYM_KEY_UNUSABLE' });
      await expect(refused).rejects.toThrow(/lies in the project/);
      await expect(refused).rejects.not.toThrow(KEY);
    }
  });

  it('comes from Secrets Manager, and a denial says which right is missing', async () => {
    process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';
    const endpoint = await secretsManager(200, { Name: 'rh', SecretString: `${KEY}\n` });
    expect(await readKey(project({ secret: 'rh' }, endpoint))).toHaveLength(32);
    server?.close();
    const denying = await secretsManager(400, { __type: 'AccessDeniedException', Message: 'no' });
    await expect(readKey(project({ secret: 'rh' }, denying))).rejects.toMatchObject({
      kind: 'denied',
      code: 'SECRET_DENIED',
      hint: expect.stringContaining('secretsmanager:GetSecretValue') as string,
    });
  });

  it('of an earlier version stands beside it, and one that is not there is named', async () => {
    const [now, before] = [write('rh2.key'), write('rh1.key', 'd4'.repeat(32))];
    const rotated = project({ version: 2, file: now, earlier: [{ version: 1, file: before }] });
    const keys = await readPseudonymKeys(rotated, { domain: 'rh', version: 2, from: [1] }, [2, 1]);
    expect([...keys].map(([version, key]) => [version, Buffer.from(key).toString('hex')])).toEqual([
      [2, KEY],
      [1, 'd4'.repeat(32)],
    ]);
    await expect(readPseudonymKeys(rotated, scheme, [3])).rejects.toThrow(/no key of version 3/);
  });

  it('of versions between is read for a rotation where it can be: an old one may be destroyed', async () => {
    const scheme = { domain: 'rh', version: 3, from: [2, 1] };
    const between = { version: 2, file: write('rh2.key', 'd4'.repeat(32)) };
    const oldest = { version: 1, file: join(directory, 'destroyed.key') };
    const keysOf = async (earlier: readonly object[]) => {
      const rotating = project({ version: 3, file: write('rh3.key'), earlier });
      return [...(await readRotationKeys(rotating, scheme)).keys()];
    };
    expect(await keysOf([between, oldest])).toEqual([3, 2]);
    expect(await keysOf([oldest])).toEqual([3]);
    expect(await keysOf([{ ...between, file: join(directory, 'nowhere.key') }])).toEqual([3]);
    const longer = { domain: 'rh', version: 3, from: [2, 1, 0] };
    const without = project({ version: 3, file: write('rh3.key'), earlier: [between, oldest] });
    expect([...(await readRotationKeys(without, longer)).keys()]).toEqual([3, 2]);
    // One that is there and is none is not passed over.
    await expect(keysOf([{ version: 2, file: write('short.key', 'c0ffee') }])).rejects.toMatchObject({
      code: 'PSEUDONYM_KEY_UNUSABLE',
    });
    await expect(keysOf([{ version: 2, file: write('same.key') }])).rejects.toMatchObject({
      code: 'PSEUDONYM_KEY_SHARED',
    });
    await expect(readRotationKeys(project(oldest), scheme)).rejects.toThrow('no key of version 3');
  });

  describe('that another place holds as well', () => {
    const UPPER = KEY.toUpperCase();
    const BASE64 = Buffer.from(KEY, 'hex').toString('base64');
    const own = () => ({
      version: 2,
      file: write('rh2.key'),
      earlier: [{ version: 1, file: write('rh1.key', 'd4'.repeat(32)) }],
    });
    const reading = (settings: object, versions: readonly number[]) =>
      readPseudonymKeys(projectOf(settings), { domain: 'rh', version: 2 }, versions);
    afterEach(() => void delete process.env['LAKELIFT_TEST_KEY']);

    it.each([
      ['as it is', KEY],
      ['in other letters', `${UPPER}\n`],
      ['in Base64', BASE64],
      ['with zeros that HMAC does not see', `${KEY}0000`],
    ])('for another domain is refused, %s, in a file or a variable, and never repeated', async (_, text) => {
      process.env['LAKELIFT_TEST_KEY'] = text;
      const file = write('paie.key', text);
      for (const paie of [{ file }, { env: 'LAKELIFT_TEST_KEY' }].map((place) => ({ version: 7, ...place }))) {
        const latest = { version: 8, file: write('paie8.key', 'e5'.repeat(32)) };
        for (const keys of [
          { rh: own(), paie },
          { paie, rh: own() },
          { rh: own(), paie: { ...latest, earlier: [paie] } },
        ]) {
          const refused = reading(keys, [2]);
          await expect(refused).rejects.toMatchObject({ kind: 'usage', code: 'PSEUDONYM_KEY_SHARED' });
          await expect(refused).rejects.toThrow(/(?=.*rh \(version 2\))(?=.*paie \(version 7\))/);
          const shown = inspect(await refused.catch((error: unknown) => error));
          for (const form of [KEY, UPPER, BASE64]) expect(shown).not.toContain(form);
        }
      }
    });

    it('for another version of its domain is refused, whether that is asked for or not', async () => {
      const keys = { rh: { ...own(), earlier: [{ version: 1, file: write('same.key', UPPER) }] } };
      for (const versions of [[2], [2, 1], [1]])
        await expect(reading(keys, versions)).rejects.toThrow(
          /rh \(version 2\) and rh \(version 1\) have the same key/,
        );
    });

    it('is found in versions of a secret that are both read', async () => {
      process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
      process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';
      const endpoint = await secretsManager(200, { Name: 'rh', SecretString: KEY });
      const version = (one: number) => ({ version: one, secret: 'rh', secretVersion: `id-${one}` });
      const shared = projectOf({ rh: { ...version(2), earlier: [version(1)] } }, endpoint);
      await expect(readPseudonymKeys(shared, { domain: 'rh', version: 2 }, [2, 1])).rejects.toMatchObject({
        code: 'PSEUDONYM_KEY_SHARED',
      });
    });

    it('is no matter of a domain that is not used, of what cannot be read here, or of a secret of others', async () => {
      process.env['LAKELIFT_TEST_KEY'] = 'c0ffee';
      const [one, other] = ['f6', 'f6'].map((byte, index) => write(`other-${index}.key`, byte.repeat(32)));
      const others = {
        one: { version: 1, file: one },
        other: { version: 1, file: other },
        gone: { version: 1, file: join(directory, 'nowhere.key') },
        short: { version: 1, env: 'LAKELIFT_TEST_KEY' },
        secret: { version: 1, secret: 'nobody-answers' },
      };
      expect([...(await reading({ ...others, rh: own() }, [2])).keys()]).toEqual([2]);
    });
  });

  it('stands in one place, and a version goes with a secret', () => {
    expect(() => project({ file: '/x', secret: 'y' })).toThrow(/needs one of file, env and secret/);
    expect(() => project({})).toThrow(/needs one of file, env and secret/);
    expect(() => project({ file: '/x', secretVersion: '1' })).toThrow(/goes with secret/);
  });
});
