import { describe, expect, it } from 'vitest';
import type { AccessPattern } from '../../../src/generate/dynamodb/access-patterns.ts';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { blueprintOf } from '../blueprint.ts';

const blueprint = await blueprintOf('field-sales');
const files = servingTable(blueprint);
const text = (path: string): string => files.find((file) => file.path === `dynamodb/${path}`)!.text;
const { patterns, refresh } = JSON.parse(text('access-patterns.json')) as {
  readonly patterns: readonly AccessPattern[];
  readonly refresh: unknown;
};

describe('the latency plan of what an application reads', () => {
  it('serves each declared way in one request: a whole key by GetItem, the beginning of one by Query', () => {
    expect(patterns.map(({ dataset, index, operation, page }) => [dataset, index, operation, page])).toEqual([
      ['prospects', null, 'GetItem', { requests: 1, items: 1, sizeBytes: 409_600 }],
      ['prospects', 'secteur', 'Query', { requests: 1, items: null, sizeBytes: 1_048_576 }],
      ['visites', null, 'GetItem', { requests: 1, items: 1, sizeBytes: 409_600 }],
      ['visites', null, 'Query', { requests: 1, items: null, sizeBytes: 1_048_576 }],
      ['visites', 'commercial', 'Query', { requests: 1, items: null, sizeBytes: 1_048_576 }],
    ]);
    expect(patterns[0]!.request).toEqual({
      Key: { pk: { S: 'PROSPECT#{id_prospect}' }, sk: { S: 'FICHE' } },
      ConsistentRead: false,
    });
    expect(patterns[4]!.request).toEqual({
      IndexName: 'commercial',
      KeyConditionExpression: 'commercial_pk = :partition AND begins_with(commercial_sk, :sort)',
      ExpressionAttributeValues: { ':partition': { S: 'COMMERCIAL#{id_commercial}' }, ':sort': { S: 'VISITE#' } },
      ConsistentRead: false,
    });
    expect(new Set(patterns.map(({ targetP99Ms }) => targetP99Ms))).toEqual(new Set([20]));
  });

  it('asks for no beginning where a sort key has none that is the same for all, and says what else it finds', () => {
    const datasets = blueprint.datasets.datasets.map((dataset) => ({
      ...dataset,
      serving: { key: { partition: 'P#{id_prospect}', sort: '{id_visite}' }, indexes: {} },
    }));
    const made = servingTable({ ...blueprint, datasets: { ...blueprint.datasets, datasets } });
    const other = made.find(({ path }) => path.endsWith('access-patterns.json'))!;
    const ways = (JSON.parse(other.text) as { readonly patterns: readonly AccessPattern[] }).patterns;
    expect(ways[1]!.request).toEqual({
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: { ':partition': { S: 'P#{id_prospect}' } },
      ConsistentRead: false,
    });
    expect(ways.map(({ dataset, alsoFinds }) => [dataset, alsoFinds])).toEqual([
      ['prospects', []],
      ['prospects', ['visites']],
      ['visites', []],
      ['visites', ['prospects']],
    ]);
    expect(made.find(({ path }) => path.endsWith('plan.en.md'))!.text).toContain(
      '| visites, with items of prospects |',
    );
    expect(patterns.flatMap(({ alsoFinds }) => alsoFinds)).toEqual([]);
  });

  it('says what a refresh adds, and is there for people in French and English, the same each time', () => {
    const parameter = '/lakelift/field-sales/serving-table';
    expect(refresh).toEqual({ parameter, keptForS: 60, readAgainOn: 'ResourceNotFoundException', requests: 1 });
    for (const [language, served] of [
      ['en', 'one Query of the index commercial | eventual | what 1 MB holds | 1024 | 1 | 20'],
      ['fr', "un Query de l'index commercial | à terme | ce que contient 1 Mo | 1024 | 1 | 20"],
    ] as const) {
      expect(text(`latency-plan.${language}.md`)).toContain(served);
      expect(text(`latency-plan.${language}.md`)).toContain(parameter);
      expect(text(`latency-plan.${language}.csv`).trimEnd().split(/\r?\n/)).toHaveLength(1 + patterns.length);
    }
    expect(servingTable(blueprint)).toEqual(files);
  });
});
