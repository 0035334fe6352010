import type { Blueprint } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { servingTablePrefix } from '../names.ts';
import { AGAIN_TO_DYNAMODB } from '../step-functions/retries.ts';
import { task } from './sdk-task.ts';

const TABLES_AT_ONCE = 100;

/**
 * From `Tables` on: deletes all tables of the use case but the new one and the former, whose name readers may still hold, and which is the way back. A dash after
 * the prefix would be another use case's.
 */
export function clearStates(blueprint: Blueprint): Json {
  const prefix = servingTablePrefix(blueprint);
  const isNot = (path: string): Json => ({ Not: { Variable: '$.name', StringEqualsPath: path } });
  return {
    Tables: { ...tables({ Limit: TABLES_AT_ONCE }), Next: 'Old tables' },
    'More tables': {
      ...tables({ Limit: TABLES_AT_ONCE, 'ExclusiveStartTableName.$': '$.tables.LastEvaluatedTableName' }),
      Next: 'Old tables',
    },
    'Old tables': {
      Type: 'Map',
      ItemsPath: '$.tables.TableNames',
      ItemSelector: { 'name.$': '$$.Map.Item.Value', 'new.$': '$.new.table', 'former.$': '$.former.table' },
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Is it old?',
        States: {
          'Is it old?': {
            Type: 'Choice',
            Choices: [
              {
                And: [
                  { Variable: '$.name', StringMatches: `${prefix}*` },
                  { Not: { Variable: '$.name', StringMatches: `${prefix}*-*` } },
                  isNot('$.new'),
                  isNot('$.former'),
                ],
                Next: 'Delete',
              },
            ],
            Default: 'Keep',
          },
          Delete: {
            ...task('dynamodb:deleteTable', { 'TableName.$': '$.name' }, AGAIN_TO_DYNAMODB),
            Catch: [{ ErrorEquals: ['DynamoDb.ResourceNotFoundException'], Next: 'Keep' }],
            End: true,
          },
          Keep: { Type: 'Pass', End: true },
        },
      },
      ResultPath: null,
      Next: 'Are there more?',
    },
    'Are there more?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.tables.LastEvaluatedTableName', IsPresent: true, Next: 'More tables' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  };
}

function tables(parameters: Json): Json {
  return { ...task('dynamodb:listTables', parameters, AGAIN_TO_DYNAMODB), ResultPath: '$.tables' };
}
