import type { GlueClient } from '@aws-sdk/client-glue';

interface Protocol {
  serializeRequest(schema: object, input: object, context: object): Promise<object>;
}

/**
 * Has batches of partitions written as JSON in one go. Their input is JSON already (no time, no bytes), and the SDK walking through the
 * columns of every partition is most of the CPU of registering many.
 */
export function sendPartitionsAsJson(client: GlueClient): void {
  const protocol = client.config.protocol as unknown as Protocol;
  const serialize = protocol.serializeRequest.bind(protocol);
  protocol.serializeRequest = async (schema, input, context) => {
    const list = LISTS.find((name) => name in input);
    if (list === undefined) return serialize(schema, input, context);
    const request = await serialize(schema, { ...input, [list]: [] }, context);
    return Object.assign(request, { body: JSON.stringify(input) });
  };
}

/** Of BatchCreatePartition and BatchUpdatePartition. */
const LISTS = ['PartitionInputList', 'Entries'] as const;
