import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { isLakeliftError } from '../../../src/errors.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import { describeTargetCatalog } from '../../contracts/target-catalog.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const region = 'eu-west-3';

describe('GlueTargetCatalog on the sandbox', () => {
  describeTargetCatalog({ versions: true, rules: true, statistics: true }, async () => {
    const server = await startGlueServer({ directory: undefined, credentials });
    const catalog = new GlueTargetCatalog({ endpoint: server.url, region, credentials });
    return { catalog, close: () => server.close() };
  });
});

describe('GlueTargetCatalog in trouble', () => {
  let fault: () => Fault | undefined = () => undefined;
  let server: SandboxServer;
  let catalog: GlueTargetCatalog;

  beforeAll(async () => {
    server = await startGlueServer({
      directory: undefined,
      credentials,
      faults: () => fault(),
      denied: ['CreateDatabase'],
    });
    catalog = new GlueTargetCatalog({ endpoint: server.url, region, credentials });
  });
  afterAll(async () => {
    catalog.close();
    await server.close();
  });

  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isLakeliftError(error)) throw new Error('no LakeliftError', { cause: error });
    return error;
  };

  it('names the right that is missing', async () => {
    const error = await failure(catalog.createDatabase('raw_rh', ''));
    expect(error).toMatchObject({ kind: 'denied', code: 'GLUE_DENIED', subject: 'raw_rh' });
    expect(error.hint).toContain('glue:CreateDatabase');
  });

  it('says denied of credentials that the service does not know', async () => {
    const secretAccessKey = 'guess';
    const stranger = new GlueTargetCatalog({
      endpoint: server.url,
      region,
      credentials: { ...credentials, secretAccessKey },
    });
    expect(await failure(stranger.hasDatabase('x'))).toMatchObject({ kind: 'denied', code: 'AWS_CREDENTIALS' });
    stranger.close();
  });

  it('gets through a moment of throttling, and says throttled when it lasts', async () => {
    let left = 1;
    const throttled: Fault = { kind: 'error', status: 400, code: 'ThrottlingException' };
    fault = () => (left-- > 0 ? throttled : undefined);
    expect(await catalog.hasDatabase('x')).toBe(false);
    fault = () => throttled;
    expect(await failure(catalog.hasDatabase('x'))).toMatchObject({ kind: 'throttled' });
    fault = () => undefined;
  });

  it('says unavailable when connections break, answers are cut or the service is in trouble', async () => {
    fault = () => ({ kind: 'reset' });
    expect(await failure(catalog.hasDatabase('x'))).toMatchObject({ kind: 'unavailable' });
    fault = () => ({ kind: 'error', status: 500, code: 'InternalServiceException' });
    expect(await failure(catalog.hasDatabase('x'))).toMatchObject({ kind: 'unavailable' });
    fault = () => ({ kind: 'cut', afterBytes: 5 });
    expect(await failure(catalog.hasDatabase('x'))).toMatchObject({ kind: 'unavailable' });
    fault = () => undefined;
  });
});
