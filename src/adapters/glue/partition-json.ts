import type { Column, GlueClient, PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';

interface Protocol {
  serializeRequest(schema: object, input: object, context: object): Promise<object>;
}

/** Of BatchCreatePartition and BatchUpdatePartition. */
interface Batch {
  readonly PartitionInputList?: readonly PartitionInput[];
  readonly Entries?: readonly Entry[];
}

interface Entry {
  readonly PartitionValueList?: readonly string[] | undefined;
  readonly PartitionInput?: PartitionInput | undefined;
}

/**
 * Has batches of partitions written as JSON in one go. Their input is JSON already (no time, no bytes), and the SDK walking through the
 * columns of every partition is most of the CPU of registering many. Columns that are one object are written once.
 */
export function sendPartitionsAsJson(client: GlueClient): void {
  const protocol = client.config.protocol as unknown as Protocol;
  const serialize = protocol.serializeRequest.bind(protocol);
  protocol.serializeRequest = async (schema, input, context) => {
    const { PartitionInputList: partitions, Entries: entries, ...names } = input as Batch;
    if (partitions === undefined && entries === undefined) return serialize(schema, input, context);
    const list = partitions === undefined ? { Entries: [] } : { PartitionInputList: [] };
    const request = await serialize(schema, { ...names, ...list }, context);
    const texts = partitions?.map(partitionText) ?? entries!.map(entryText);
    return Object.assign(request, { body: withMember(names, Object.keys(list)[0]!, `[${texts.join(',')}]`) });
  };
}

function entryText({ PartitionInput: partition, ...rest }: Entry): string {
  return withMember(rest, 'PartitionInput', partitionText(partition ?? { Values: [] }));
}

function partitionText({ StorageDescriptor: storage, ...rest }: PartitionInput): string {
  return storage === undefined ? JSON.stringify(rest) : withMember(rest, 'StorageDescriptor', storageText(storage));
}

function storageText({ Columns: columns, ...rest }: StorageDescriptor): string {
  return columns === undefined ? JSON.stringify(rest) : withMember(rest, 'Columns', columnsText(columns));
}

const knownColumns = new WeakMap<readonly Column[], string>();

function columnsText(columns: readonly Column[]): string {
  let text = knownColumns.get(columns);
  if (text === undefined) knownColumns.set(columns, (text = JSON.stringify(columns)));
  return text;
}

/** The JSON of an object, with one more member whose JSON is there already. */
function withMember(object: object, name: string, text: string): string {
  const rest = JSON.stringify(object);
  return `{"${name}":${text}${rest === '{}' ? '' : ','}${rest.slice(1)}`;
}
