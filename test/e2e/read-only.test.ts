import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import type { S3Key } from '../../src/domain/names.ts';
import type { Reconciliation } from '../../src/domain/reconciliation.ts';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { documentedActions } from './documented-policy.ts';
import { mapping, openSandboxProject, type SandboxProject } from './sandbox-project.ts';
import { createProject } from './project.ts';

const READER = { accessKeyId: 'READER', secretAccessKey: 'reader-secret' };

let project: SandboxProject;
afterEach(() => project.close());

describe('reconcile with the right to read only', () => {
  it('passes on another machine without a ledger, asks for what the documented policy allows and nothing else, and writes nowhere', async () => {
    const asked = new Set<string>();
    const ofHdfs = new Set<string>();
    const allowed = documentedActions('Objects', 'Catalog');
    project = await openSandboxProject({
      keys: [{ ...READER, allowed }],
      faults: {
        s3: ({ action }) => void asked.add(action),
        glue: ({ operation }) => void asked.add(`glue:${operation}`),
        hdfs: ({ operation }) => void ofHdfs.add(operation),
      },
      mappings: { absences: mapping('absences').replaceAll('level: rows', 'level: content') },
    });
    const { runId } = (await project.run('absences')).summary;
    expect(project.report('absences', runId).verdict).toBe('identical');

    const reader = elsewhere();
    asked.clear();
    ofHdfs.clear();
    const { code, stdout, stderr } = await reader.lakelift('reconcile', 'absences', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
    const { verdict, files, scopes } = JSON.parse(stdout) as Reconciliation;
    expect(verdict).toBe('identical');
    expect(files.matched).toBe(files.expected);
    expect(scopes.some(({ content }) => content !== undefined)).toBe(true);
    expect([...asked].sort()).toEqual(allowed);
    expect([...ofHdfs].filter((operation) => !/^(GET|LIST|OPEN$|$)/.test(operation))).toEqual([]);
    // The log of the command, and nothing that a run leaves.
    expect(readdirSync(join(reader.root, '.lakelift/absences'))).toEqual(['logs']);
    expect(readdirSync(join(reader.root, '.lakelift'))).toEqual(['absences']);
  }, 90_000);

  it('finds a loss that way too, and its key cannot write', async () => {
    project = await openSandboxProject({ keys: [{ ...READER, allowed: documentedActions('Objects', 'Catalog') }] });
    await project.run('absences');
    const reader = elsewhere();
    const { region, s3 } = project.sandbox.configuration.target;
    const store = new S3TargetObjectStore({ region, ...s3, credentials: READER });
    const body = Buffer.from('x');
    const address = { bucket: 'sandbox-raw', key: 'data/rh/dsn/stranger.txt' as S3Key };
    const put = { address, body, crc32c: crcToBase64(crcOf('CRC32C').sum(body)), metadata: {} };
    await expect(store.putObject({ ...put, condition: { kind: 'if-absent' } })).rejects.toMatchObject({
      kind: 'denied',
    });
    store.close();
    expect((await reader.lakelift('run', 'absences', '--yes')).code).toBe(5);
    await project.store.putObject({ ...put, condition: { kind: 'if-absent' } });
    const { code, stdout } = await reader.lakelift('reconcile', 'absences', '--json');
    expect(code).toBe(4);
    const { findings } = JSON.parse(stdout) as Reconciliation;
    expect(findings.shown).toMatchObject([
      { kind: 'unexpected', subject: 's3://sandbox-raw/data/rh/dsn/stranger.txt' },
    ]);
  }, 90_000);
});

/** The same project in a folder of its own, as an auditor has it: no state, a key that may read, a user of HDFS who owns nothing. */
function elsewhere() {
  const config = parse(readFileSync(join(project.root, 'lakelift.yaml'), 'utf8')) as {
    source: { hdfs: { user: string } };
  };
  config.source.hdfs.user = 'auditor';
  return createProject({
    config,
    migrations: { absences: readFileSync(join(project.root, 'migrations/absences.ts'), 'utf8') },
    mappings: { absences: readFileSync(join(project.root, 'mappings/absences.yaml'), 'utf8') },
    environment: {
      ...project.environment,
      AWS_ACCESS_KEY_ID: READER.accessKeyId,
      AWS_SECRET_ACCESS_KEY: READER.secretAccessKey,
    },
  });
}
