import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../src/domain/names.ts';
import { servedFrom } from '../../src/domain/serving/serving-place.ts';
import type { ServingImport } from '../../src/steps/serve/make-import.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
beforeAll(async () => {
  project = await openSandboxProject({
    migrations: { 'field-sales': script('field-sales') },
    mappings: { 'field-sales': mapping('field-sales') },
    environment: { LAKELIFT_KEY_COMMERCE: 'c3'.repeat(32) },
    change: (config) => ({ ...config, privacy: { keys: { commerce: { version: 1, env: 'LAKELIFT_KEY_COMMERCE' } } } }),
  });
  const datasets = readFileSync(join(import.meta.dirname, '../../mappings/field-sales.datasets.yaml'), 'utf8');
  writeFileSync(join(project.root, 'mappings/field-sales.datasets.yaml'), datasets);
  await project.run('field-sales');
});
afterAll(() => project.close());

const erase = () => {
  const file = join(project.root, 'person.txt');
  writeFileSync(file, 'text nobody\n');
  return project.lakelift('erase', 'field-sales', '--from', file, '--yes', '--json');
};

describe('lakelift serve', () => {
  it('asks for the datasets to be built first', async () => {
    expect(await project.lakelift('serve', 'field-sales')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('DATASET_MISSING') as string,
    });
  });

  it('has an erasure name the tables alone before anything was served', async () => {
    expect(await project.lakelift('zones', 'build', 'field-sales')).toMatchObject({ code: 0 });
    const erased = await erase();
    expect(erased.code).toBe(3);
    expect(JSON.parse(erased.stdout)).toMatchObject({
      isDone: false,
      publishedNotErased: [{ kind: 'serving-tables', location: 'lakelift-field-sales-serving-*' }],
    });
  });

  it('writes the items of the datasets of a use case, the same again for the same rows', async () => {
    expect(await project.lakelift('zones', 'build', 'field-sales')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await project.lakelift('serve', 'field-sales', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const made = JSON.parse(stdout) as ServingImport;
    expect(made).toMatchObject({ bucket: 'sandbox-cleaned', datasets: { prospects: 1500, visites: 1152 } });
    // The rule that deletes old versions names this folder.
    expect(made.prefix).toBe(`_serving/field-sales/items/${made.version}/`);
    const again = await project.lakelift('serve', 'field-sales', '--json');
    expect(JSON.parse(again.stdout)).toEqual(made);

    const pieces: Uint8Array[] = [];
    const key = s3Key(`${made.prefix}prospects.json.gz`);
    for await (const piece of await project.store.readObject({ bucket: made.bucket, key })) pieces.push(piece);
    const lines = gunzipSync(Buffer.concat(pieces)).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(1500);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      Item: {
        dataset: { S: 'prospects' },
        pk: { S: expect.stringMatching(/^PROSPECT#v1\.[0-9a-f]{32}$/) as string },
        sk: { S: 'FICHE' },
        score: { N: expect.stringMatching(/^\d+$/) as string },
      },
    });
  });

  it('leaves files and tables that an erasure names, since it does not search them', async () => {
    const { code, stdout } = await erase();
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      isDone: false,
      publishedNotErased: [
        { kind: 'serving-files', location: 's3://sandbox-cleaned/_serving/field-sales/', objects: 3 },
        { kind: 'serving-tables', location: 'lakelift-field-sales-serving-*' },
      ],
    });
  });

  it('leaves alone what somebody else put where the latest version is named', async () => {
    const { latest } = servedFrom('field-sales' as UseCaseId, { prefix: '' });
    const address = { bucket: 'sandbox-cleaned', key: s3Key(latest) };
    const ours = (await project.store.findObject(address))!;
    const body = Buffer.from('theirs');
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    const condition = { kind: 'if-match', etag: ours.etag } as const;
    const { etag } = await project.store.putObject({ address, body, crc32c, metadata: {}, condition });
    const { stderr } = await project.lakelift('serve', 'field-sales');
    expect(stderr).toContain('SERVING_FOREIGN');
    expect(await project.store.findObject(address)).toMatchObject({ etag });
  });

  it('says where nothing is served', async () => {
    const path = join(project.root, 'mappings/field-sales.datasets.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^ {4}serving:\n( {6}.*\n)+/gm, ''));
    const { code, stderr } = await project.lakelift('serve', 'field-sales', '--lang', 'fr');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('NOTHING_SERVED') as string });
  });
});
