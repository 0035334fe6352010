import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dataikuDatasets } from '../../../src/generate/dataiku/dataiku-datasets.ts';
import { run } from '../../stack/cache.ts';
import { dataikuApi } from '../../stack/install.ts';
import { blueprintOf } from '../blueprint.ts';

interface Standing {
  readonly name: string;
  readonly params: { readonly path: string };
  [key: string]: unknown;
}

/** What the public API of an instance answers to the calls of its client; it holds what it was told. */
class Instance {
  readonly datasets = new Map<string, Standing>();
  readonly metadata = new Map<string, unknown>();
  readonly keys = new Set<string>();
  format = 'parquet';

  answer(method: string, path: string, body: unknown): unknown {
    const [, name, action] = /^\/dip\/publicapi\/projects\/RH\/datasets\/([^/?]*)(?:\/([^?]*))?/.exec(path) ?? [];
    if (name === undefined) return undefined;
    if (name === '' && method === 'GET') return [...this.datasets.values()];
    if (name === '') {
      const created = body as Standing;
      this.datasets.set(created.name, { ...created, partitioning: { dimensions: [] }, schema: { columns: [] } });
      return {};
    }
    if (!this.datasets.has(name)) return undefined;
    if (action === undefined) {
      if (method === 'PUT') this.datasets.set(name, body as Standing);
      return this.datasets.get(name);
    }
    if (action === 'metadata') {
      if (method === 'PUT') this.metadata.set(name, body);
      return this.metadata.get(name) ?? { tags: ['theirs'] };
    }
    const columns = [
      { name: 'matricule', type: 'string' },
      { name: 'autre', type: 'bigint' },
    ];
    const format = { ok: true, type: this.format, params: {}, schemaDetection: { newSchema: { columns } } };
    return action === 'actions/testAndDetectSettings/fsLike' ? { hasResult: true, result: { format } } : undefined;
  }
}

describe.skipIf(inject('stack') === undefined)('Datasets for Dataiku, by its official client', () => {
  const instance = new Instance();
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-dataiku-'));
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        instance.keys.add(request.headers.authorization ?? '');
        const answer = instance.answer(request.method!, request.url!, body === '' ? undefined : JSON.parse(body));
        response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { errorType: 'NotFound' }));
      });
    });
    const listening = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    const blueprint = await blueprintOf('absences');
    const [first, ...rest] = blueprint.datasets.datasets.map((dataset) => ({ ...dataset, consumers: ['dataiku'] }));
    const datasets = [
      { ...first!, partitions: ['departement'] },
      { ...rest[0]!, consumers: [] },
    ];
    const files = dataikuDatasets({ ...blueprint, datasets: { ...blueprint.datasets, datasets } });
    for (const { path, text: content } of files) writeFileSync(join(folder, basename(path)), content);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const apply = async (env: NodeJS.ProcessEnv = { DATAIKU_API_KEY: 'their-key' }): Promise<string> => {
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = ['--host', host, '--project', 'RH', '--connection', 's3-lake'];
    return run('python3', [join(folder, 'lakelift_dataiku.py'), ...options], {
      env: { PYTHONPATH: await dataikuApi(), DATAIKU_API_KEY: '', ...env },
    });
  };

  it('are made for whoever names it as a consumer, with their place, format, partitions and what each column is', async () => {
    expect(await apply()).toBe('salaries: created\n');
    expect(instance.datasets.get('salaries')).toMatchObject({
      type: 'S3',
      params: { connection: 's3-lake', bucket: 'acme-cleaned', path: '/lake/cleaned_rh/salaries' },
      formatType: 'parquet',
      partitioning: {
        dimensions: [{ name: 'departement', type: 'value' }],
        filePathPattern: '/departement=%{departement}/.*',
      },
      schema: {
        columns: [
          { name: 'matricule', type: 'string', comment: 'identifier, pseudonymise' },
          { name: 'autre', type: 'bigint' },
        ],
      },
    });
    expect(instance.metadata.get('salaries')).toMatchObject({
      tags: expect.arrayContaining(['lakelift', 'lakelift:absences', 'theirs']) as unknown,
    });
    const first = JSON.stringify([...instance.datasets, ...instance.metadata]);
    expect(await apply()).toBe('salaries: updated\n');
    expect(JSON.stringify([...instance.datasets, ...instance.metadata])).toBe(first);
    expect([...instance.keys]).toEqual([`Basic ${Buffer.from('their-key:').toString('base64')}`]);
  });

  it('are left alone where one of that name lies elsewhere, or holds something else', async () => {
    const own = instance.datasets.get('salaries')!;
    instance.datasets.set('salaries', { ...own, params: { ...own.params, path: '/theirs' } });
    await expect(apply()).rejects.toThrow('salaries lies elsewhere');
    expect(instance.datasets.get('salaries')!.params.path).toBe('/theirs');
    instance.datasets.set('salaries', own);
    instance.format = 'csv';
    await expect(apply()).rejects.toThrow('does not hold parquet');
    await expect(apply({})).rejects.toThrow('DATAIKU_API_KEY is not set');
  });

  it('are none where nobody is Dataiku', async () => {
    const blueprint = await blueprintOf('absences');
    const datasets = blueprint.datasets.datasets.map((dataset) => ({ ...dataset, consumers: ['analysts'] }));
    expect(dataikuDatasets({ ...blueprint, datasets: { ...blueprint.datasets, datasets } })).toEqual([]);
  });
});
