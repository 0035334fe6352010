import { z } from 'zod';

interface JsonSchemaNode {
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly items?: JsonSchemaNode;
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly oneOf?: readonly JsonSchemaNode[];
}

/** Keys that a schema allows in the object at `path`; empty where any key is allowed or none is known. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchemaNode];
  for (const segment of path) nodes = nodes.flatMap(alternatives).flatMap((node) => childOf(node, String(segment)));
  return [...new Set(nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function alternatives(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  return [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
}

function childOf(node: JsonSchemaNode, segment: string): JsonSchemaNode[] {
  const named = node.properties?.[segment];
  if (named !== undefined) return [named];
  const others = typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
  return node.items !== undefined && /^\d+$/.test(segment) ? [node.items] : others;
}
