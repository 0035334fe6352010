import type {
  CreateDatabaseCommandInput,
  Database,
  DeleteDatabaseCommandInput,
  GetDatabaseCommandInput,
  GetDatabasesCommandInput,
  GetTagsCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-glue';
import { CATALOG_ID, decodeToken, nowSeconds, pageOf } from './glue-call.ts';
import { glueErrors } from './glue-error.ts';
import type { GlueIndex, Stored } from './glue-index.ts';
import { checkDatabase, foldName, pageSize } from './glue-rules.ts';

export function createDatabase({ DatabaseInput: input, Tags }: CreateDatabaseCommandInput, index: GlueIndex): object {
  const name = foldName(input?.Name, 'databaseInput.name');
  checkDatabase(input!);
  index.transaction(() => {
    if (index.findDatabase(name) !== undefined) throw glueErrors.alreadyExists('Database');
    index.putDatabase(name, { ...input, Name: name, CreateTime: nowSeconds(), CatalogId: CATALOG_ID });
    if (Tags !== undefined) index.putTags(`arn:aws:glue:us-east-1:${CATALOG_ID}:database/${name}`, Tags);
  });
  return {};
}

export function getDatabase({ Name }: GetDatabaseCommandInput, index: GlueIndex): object {
  return { Database: requireDatabase(foldName(Name, 'name'), index) };
}

export function getDatabases({ MaxResults, NextToken }: GetDatabasesCommandInput, index: GlueIndex): object {
  const size = pageSize(MaxResults, 100);
  const { items, token } = pageOf(index.databases(decodeToken(NextToken), size + 1), size, ({ Name }) => Name!);
  return { DatabaseList: items, ...token };
}

export function deleteDatabase({ Name }: DeleteDatabaseCommandInput, index: GlueIndex): object {
  const name = foldName(Name, 'name');
  requireDatabase(name, index);
  index.transaction(() => index.deleteDatabase(name));
  return {};
}

export function requireDatabase(name: string, index: GlueIndex): Stored<Database> {
  const database = index.findDatabase(name);
  if (database === undefined) throw glueErrors.notFound(`Database ${name}`);
  return database;
}

export function tagResource({ ResourceArn, TagsToAdd }: TagResourceCommandInput, index: GlueIndex): object {
  index.putTags(ResourceArn!, { ...index.tags(ResourceArn!), ...TagsToAdd });
  return {};
}

export function getTags({ ResourceArn }: GetTagsCommandInput, index: GlueIndex): object {
  return { Tags: index.tags(ResourceArn!) };
}
