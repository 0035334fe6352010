import type { Dataset } from '../../domain/privacy/dataset.ts';
import { keyAttributes } from '../../domain/serving/serving.ts';
import { servedFrom, servingZone } from '../../domain/serving/serving-place.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { jsonFile, type Json } from '../json-file.ts';
import { formerServingAlias, servedDatasets, servingAlias, servingTablePrefix } from '../names.ts';
import { zoneOf } from '../places.ts';
import { itemMapper } from './item-mapper.ts';
import { latencyPlan } from './latency-plan.ts';
import { servingRefresh } from './serving-refresh.ts';

/** For datasets that an application reads by key: the table that holds their items, what it reads them with, how each is found and in how many requests, and the state machine that refreshes it. */
export function servingTable(blueprint: Blueprint): GeneratedFile[] {
  const served = servedDatasets(blueprint);
  if (served.length === 0) return [];
  const place = zoneOf(blueprint, servingZone(served));
  const source = {
    latest: { Bucket: place.bucket, Key: servedFrom(blueprint.migration.id, place).latest },
    creation: creation(served),
  };
  return [
    jsonFile('dynamodb/table.json', {
      alias: servingAlias(blueprint),
      formerAlias: formerServingAlias(blueprint),
      tablePrefix: servingTablePrefix(blueprint),
      ...source,
    }),
    itemMapper(blueprint),
    ...latencyPlan(blueprint, served),
    servingRefresh(blueprint, source),
  ];
}

/** As ImportTable takes it. */
function creation(served: readonly Dataset[]): Json {
  const indexes = [...new Set(served.flatMap(({ serving }) => Object.keys(serving!.indexes)))].sort();
  const keys = [keyAttributes(), ...indexes.map(keyAttributes)];
  return {
    AttributeDefinitions: keys
      .flatMap(({ partition, sort }) => [partition, sort])
      .map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: keySchema(keys[0]!),
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { Enabled: true, SSEType: 'KMS' },
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((name) => ({
        IndexName: name,
        KeySchema: keySchema(keyAttributes(name)),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  };
}

function keySchema({ partition, sort }: { readonly partition: string; readonly sort: string }): Json[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}
