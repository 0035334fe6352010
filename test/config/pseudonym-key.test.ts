import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadProject } from '../../src/config/config.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-3:123456789012:secret:lakelift/rh';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'lakelift-config-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const load = (keys: object): Promise<unknown> => {
  const config = {
    source: { hdfs: { nameNodes: ['http://nn:9870'] }, hive: { metastore: ['thrift://hms:9083'] } },
    target: { region: 'eu-west-3' },
    zones: { raw: { bucket: 'acme-raw' } },
    privacy: { keys },
  };
  writeFileSync(join(root, 'lakelift.yaml'), stringify(config));
  return loadProject(root);
};

describe('places of keys of pseudonyms', () => {
  it.each<[string, (root: string) => readonly [object, object]]>([
    ['file', () => [{ file: '/run/rh.key' }, { file: '/run/../run/rh.key' }]],
    ['file by a relative name', (folder) => [{ file: '../rh.key' }, { file: join(folder, '../rh.key') }]],
    ['variable', () => [{ env: 'KEY' }, { env: 'KEY' }]],
    ['secret', () => [{ secret: 'lakelift/rh' }, { secret: 'lakelift/rh' }]],
    [
      'secret in other versions',
      () => [
        { secret: 'a', secretVersion: '1' },
        { secret: 'a', secretVersion: '2' },
      ],
    ],
    ['secret by name and ARN', () => [{ secret: 'lakelift/rh' }, { secret: `${ARN}-a1B2c3` }]],
    ['secret by ARN and name', () => [{ secret: ARN }, { secret: 'lakelift/rh' }]],
    ['secret by an ARN and a shorter one', () => [{ secret: `${ARN}-a1B2c3` }, { secret: ARN }]],
  ])('are not the same for two domains: %s', async (_, places) => {
    const [one, other] = places(root);
    const earlier = { version: 2, env: 'NEW', earlier: [{ version: 1, ...other }] };
    for (const paie of [{ version: 1, ...other }, earlier])
      await expect(load({ rh: { version: 1, ...one }, paie })).rejects.toMatchObject({
        kind: 'usage',
        code: 'PSEUDONYM_KEY_SHARED',
        subject: 'privacy.keys.paie',
        message: 'rh (version 1) and paie (version 1) have the same key of pseudonyms',
        hint: expect.stringContaining('a key of its own') as string,
      });
  });

  it('are not the same for two versions, which may stand in versions of one secret', async () => {
    const version = (one: number, place: object) => ({ version: one, ...place });
    for (const place of [{ file: '/rh.key' }, { env: 'KEY' }, { secret: 'a' }, { secret: 'a', secretVersion: '1' }])
      await expect(load({ rh: { ...version(2, place), earlier: [version(1, place)] } })).rejects.toMatchObject({
        code: 'PSEUDONYM_KEY_SHARED',
      });
    const [now, before] = ['2', '1'].map((secretVersion) => ({ secret: 'a', secretVersion }));
    await expect(load({ rh: { ...version(2, now!), earlier: [version(1, before!)] } })).resolves.toBeDefined();
  });

  it('are left alone where they differ', async () => {
    const arnOf = (name: string) => ({ version: 1, secret: `${ARN}-${name}` });
    const keys = {
      a: { version: 1, file: '/a.key', earlier: [{ version: 2, env: 'A' }] },
      b: { version: 1, file: '/b.key', earlier: [{ version: 2, env: 'B' }] },
      c: arnOf('aaaaaa'),
      d: arnOf('bbbbbb'),
      e: { version: 1, secret: 'rh' },
      f: { version: 1, secret: 'lakelift' },
    };
    await expect(load(keys)).resolves.toBeDefined();
  });
});
