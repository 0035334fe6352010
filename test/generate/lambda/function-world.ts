import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import type { StackAddresses } from '../../stack/stack.ts';

/** The stack's ends as the tests of functions use them, and a folder of their own. Made without a stack too, for tests that are skipped then. */
export function openFunctionWorld(stack: StackAddresses | undefined, user: string) {
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const region = stack?.region ?? '';
  const s3Settings = { region, endpoint: stack?.s3Endpoint ?? '', forcePathStyle: true, credentials };
  const s3 = new S3Client(s3Settings);
  const store = new S3TargetObjectStore(s3Settings);
  const catalog = new GlueTargetCatalog({ region, endpoint: stack?.glueEndpoint ?? '', credentials });
  const trino = new TrinoEngine({ url: stack?.trinoUrl ?? '', catalog: stack?.trinoCatalog ?? '', user });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-function-'));

  async function keysBelow(bucket: string, prefix: string): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key }) => Key!);
  }
  async function body(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  }
  async function close(): Promise<void> {
    rmSync(folder, { recursive: true, force: true });
    s3.destroy();
    store.close();
    catalog.close();
    await trino.close();
  }
  return { region, credentials, s3, store, catalog, trino, folder, keysBelow, body, close };
}
