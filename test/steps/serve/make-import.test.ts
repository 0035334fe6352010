import { expect, it } from 'vitest';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { TargetCatalog } from '../../../src/ports/target-catalog.ts';
import { makeImport, type ServedDataset } from '../../../src/steps/serve/make-import.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';

function served(name: string, indexes: ServedDataset['serving']['indexes']): ServedDataset {
  const serving = { key: { partition: '{id}', sort: name }, indexes };
  return {
    ...aDataset({ name, from: 'crm.visites', target: { zone: 'refined', database: 'r', table: name } }),
    serving,
  };
}

/** Nothing is read, and nothing written, before names are looked at. */
async function refusal(columns: readonly string[], type = 'string'): Promise<unknown> {
  const findTable = () =>
    Promise.resolve({
      table: { storage: { columns: columns.map((name) => ({ name, type })) }, partitionKeys: [] },
    });
  const never = () => expect.fail('nothing is to be asked for');
  return makeImport({
    useCase: 'field-sales' as UseCaseId,
    datasets: [served('visites', {}), served('prospects', { lieu: { partition: '{id}', sort: 'x' } })],
    place: { bucket: 'b', prefix: '' },
    engine: { query: never } as never,
    catalog: { findTable } as unknown as Pick<TargetCatalog, 'findTable'>,
    store: { findObject: never, readObject: never, putObject: never },
    signal: new AbortController().signal,
  }).catch((error: unknown) => error);
}

it.each(['dataset', 'pk', 'sk', 'lieu_pk', 'lieu_sk'])(
  'serves no column called %s, which items have as an attribute of their own, of an index of another dataset too',
  async (name) => {
    expect(await refusal(['id', name])).toMatchObject({
      code: 'SERVING_UNFIT',
      kind: 'usage',
      message: expect.stringContaining(`${name} is the name of an attribute`) as string,
    });
  },
);

it.each(['decimal(10,2)', 'float', 'double'])(
  'serves no dataset by a column of type %s, whose text DynamoDB would change',
  async (type) => {
    expect(await refusal(['id'], type)).toMatchObject({
      code: 'SERVING_UNFIT',
      kind: 'usage',
      message: expect.stringContaining(`id has the type ${type}, and is in a key`) as string,
    });
  },
);
