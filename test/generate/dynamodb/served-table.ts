import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Key } from '../../../src/domain/names.ts';
import type { ServingImport } from '../../../src/domain/serving/serving-import.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import type { StackAddresses } from '../../stack/stack.ts';
import { runStates, type Machine } from '../step-functions/run-states.ts';
import { emulatedServices, emulator } from './emulated-services.ts';
import type { Item } from './read-items.ts';

/** What an application reads of one use case, in the emulator of DynamoDB: the table that the generated state machine imported last, found by its parameter. */
export class ServedTable {
  readonly #stack: StackAddresses;
  readonly #alias: string;

  constructor(stack: StackAddresses, useCase: string) {
    this.#stack = stack;
    this.#alias = `/lakelift/${useCase}/serving-table`;
  }

  /** Executes the state machine over what `serve` has written. Rejects with what it failed with. */
  async refresh(
    machine: Machine,
    { made, store }: { readonly made: ServingImport; readonly store: TargetObjectStore },
  ): Promise<void> {
    const { region, glueEndpoint: endpoint, accessKeyId, secretAccessKey } = this.#stack;
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
    await copyImports(made, { from: store, to: s3 });
    const { error } = await runStates(machine, { input: {}, services: emulatedServices(this.#stack, s3) });
    s3.destroy();
    if (error !== undefined) throw error as Error;
  }

  async inUse(): Promise<string> {
    const { Parameter } = await emulator(this.#stack)('Ssm')('GetParameter', { Name: this.#alias });
    return (Parameter as { readonly Value: string }).Value;
  }

  async items(table: string): Promise<Item[]> {
    const found: Item[] = [];
    let last: unknown;
    do {
      const page = await this.call('Scan', {
        TableName: table,
        ...(last !== undefined && { ExclusiveStartKey: last }),
      });
      found.push(...(page['Items'] as Item[]));
      last = page['LastEvaluatedKey'];
    } while (last !== undefined);
    return found;
  }

  call(action: string, parameters: Record<string, unknown>): Promise<Record<string, unknown>> {
    return emulator(this.#stack)('DynamoDb')(action, parameters);
  }

  /** As if there had never been a refresh. */
  async forget(): Promise<void> {
    await this.call('DeleteTable', { TableName: await this.inUse() });
    await emulator(this.#stack)('Ssm')('DeleteParameter', { Name: this.#alias });
  }
}

/** The emulator imports from its own S3, and from no other. */
async function copyImports(
  { bucket, prefix }: ServingImport,
  { from, to }: { readonly from: TargetObjectStore; readonly to: S3Client },
): Promise<void> {
  await to.send(new CreateBucketCommand({ Bucket: bucket }));
  for await (const { key } of from.listObjects(bucket, prefix.slice(0, prefix.indexOf('items/')))) {
    const content = await from.readObject({ bucket, key: s3Key(key) });
    const Body = Buffer.concat(await Array.fromAsync(content));
    await to.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  }
}
