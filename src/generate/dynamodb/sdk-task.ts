import type { Json } from '../json-file.ts';

/** A state that asks a service of AWS by an action of its API: `dynamodb:deleteTable`. */
export function task(action: string, parameters: Json, retry: readonly Json[]): Json {
  return { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${action}`, Parameters: parameters, Retry: retry };
}
