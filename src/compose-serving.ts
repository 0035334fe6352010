import { awsSettings } from './compose.ts';
import type { Project } from './config/config.ts';
import type { ServingTables } from './ports/serving-tables.ts';
import { PATIENT, Retry } from './resilience/retry.ts';
import { retryingTables } from './resilience/with-retry.ts';

// The part of compose.ts that knows where applications are served from; no other file but those sees adapters either.

/** undefined where servers other than AWS's own are configured, and none of them for DynamoDB: AWS's is not that lake's. */
export async function servingTables({ config }: Project): Promise<ServingTables | undefined> {
  const { s3, glue, dynamodb } = config.target;
  if (dynamodb === undefined && (s3 ?? glue) !== undefined) return undefined;
  // Loaded where it is needed: no other command pays for it.
  const { DynamoDbTables } = await import('./adapters/dynamodb/dynamodb-tables.ts');
  const tables = new DynamoDbTables({ ...awsSettings(config), endpoint: dynamodb?.endpoint });
  const patienceMs = config.limits.retryForMinutes * 60_000;
  return retryingTables(tables, new Retry({ ...PATIENT, patienceMs }, () => undefined));
}
