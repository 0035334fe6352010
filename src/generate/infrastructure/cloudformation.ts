import type { Json } from '../json-file.ts';
import { givenCondition, ref, type Stack } from './stack.ts';

/** The stack as a CloudFormation template. */
export function cloudFormation({ description, parameters, resources }: Stack): Json {
  const optional = parameters.filter((one) => one.default === '');
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    ...(parameters.length > 0 && {
      Parameters: Object.fromEntries(
        parameters.map(({ name, description: text, default: value }) => [
          name,
          { Type: 'String', Description: text, ...(value !== undefined && { Default: value }) },
        ]),
      ),
    }),
    ...(optional.length > 0 && {
      Conditions: Object.fromEntries(
        optional.map(({ name }) => [givenCondition(name), { 'Fn::Not': [{ 'Fn::Equals': [ref(name), ''] }] }]),
      ),
    }),
    Resources: Object.fromEntries(
      resources.map(({ id, type, properties, isKept }) => [
        id,
        {
          Type: type,
          ...(isKept === true && { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
          Properties: properties,
        },
      ]),
    ),
  };
}
