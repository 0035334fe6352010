import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
  type AttributeValue,
  type DeleteItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { keyAttributes } from '../../domain/serving/serving.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ItemDeletion, ItemPage, ServedItem, ServingTables } from '../../ports/serving-tables.ts';
import { credentialsOf, renewOnRefusal } from '../aws/aws-credentials.ts';
import { callOptions, requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';
import { translateDynamoDbError, type DynamoDbWork } from './dynamodb-errors.ts';

const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };

type Item = Record<string, AttributeValue>;

/** Tables of Amazon DynamoDB, of an account and region, with the keys of those that `serve` makes imports for. */
export class DynamoDbTables implements ServingTables {
  readonly #client: DynamoDBClient;

  constructor(settings: AwsSettings) {
    this.#client = new DynamoDBClient({
      region: settings.region,
      ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
      ...credentialsOf(settings),
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
    });
    renewOnRefusal(this.#client);
  }

  async listTables(prefix: string, signal?: AbortSignal): Promise<readonly string[]> {
    const names: string[] = [];
    let last: string | undefined;
    do {
      const command = new ListTablesCommand(last === undefined ? {} : { ExclusiveStartTableName: last });
      const work = { subject: `${prefix}*`, permission: 'dynamodb:ListTables' };
      const page = await translated(work, () => this.#client.send(command, callOptions(signal)));
      names.push(...(page.TableNames ?? []).filter((name) => name.startsWith(prefix)));
      last = page.LastEvaluatedTableName;
    } while (last !== undefined);
    return names;
  }

  async findStatus(table: string, signal?: AbortSignal): Promise<string | undefined> {
    const command = new DescribeTableCommand({ TableName: table });
    const work = { subject: table, permission: 'dynamodb:DescribeTable' };
    try {
      const { Table } = await translated(work, () => this.#client.send(command, callOptions(signal)));
      return Table?.TableStatus;
    } catch (error) {
      if (!isLakeliftError(error, 'not-found')) throw error;
      return undefined;
    }
  }

  async readPage(table: string, from?: ServedItem, signal?: AbortSignal): Promise<ItemPage> {
    const start = from === undefined ? {} : { ExclusiveStartKey: from as Item };
    const command = new ScanCommand({ TableName: table, ConsistentRead: true, ...start });
    const work = { subject: table, permission: 'dynamodb:Scan' };
    const { Items, LastEvaluatedKey } = await translated(work, () => this.#client.send(command, callOptions(signal)));
    return { items: Items ?? [], next: LastEvaluatedKey };
  }

  async deleteItem(table: string, deletion: ItemDeletion, signal?: AbortSignal): Promise<boolean> {
    const command = new DeleteItemCommand({ TableName: table, ...deletionOf(deletion) });
    const work = { subject: table, permission: 'dynamodb:DeleteItem' };
    try {
      await translated(work, () => this.#client.send(command, callOptions(signal)));
      return true;
    } catch (error) {
      const cause = isLakeliftError(error) ? error.cause : undefined;
      if (!(cause instanceof ConditionalCheckFailedException)) throw error;
      // No item fails the condition as well: somebody has deleted it, or this very call, whose answer was lost.
      return cause.Item === undefined;
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

function deletionOf({ item, attributes }: ItemDeletion): Omit<DeleteItemCommandInput, 'TableName'> {
  const { partition, sort } = keyAttributes();
  const values = item as Item;
  const Key = { [partition]: values[partition]!, [sort]: values[sort]! };
  const compared = attributes.filter((name) => !(name in Key));
  // Its key alone says whose it is.
  if (compared.length === 0) return { Key };
  return {
    Key,
    ConditionExpression: compared.map((_, at) => `#a${at} = :v${at}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(compared.map((name, at) => [`#a${at}`, name])),
    ExpressionAttributeValues: Object.fromEntries(compared.map((name, at) => [`:v${at}`, values[name]!])),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

async function translated<Answer>(work: DynamoDbWork, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw translateDynamoDbError(error, work);
  }
}
