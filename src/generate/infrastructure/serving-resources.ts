import { servedFrom, servingZone } from '../../domain/serving/serving-place.ts';
import type { Blueprint } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { formerServingAlias, servedDatasets, servingAlias, servingRefreshName, servingTablePrefix } from '../names.ts';
import { zoneOf } from '../places.ts';
import { allow, readFolders, role, useKeys } from './policies.ts';
import { attribute, ref, sub, type Resource } from './stack.ts';

/**
 * What refreshes the table of items that an application reads by key; and policies for the application and for who starts a refresh, to be attached to whatever
 * role these have, since only their owners know what they run on.
 */
export function servingResources(blueprint: Blueprint): Resource[] {
  if (servedDatasets(blueprint).length === 0) return [];
  const tables = ofAccount('dynamodb', `table/${servingTablePrefix(blueprint)}*`);
  const indexes = ofAccount('dynamodb', `table/${servingTablePrefix(blueprint)}*/index/*`);
  const alias = ofAccount('ssm', `parameter${servingAlias(blueprint)}`);
  const name = servingRefreshName(blueprint);
  const machine = ofAccount('states', `stateMachine:${name}`);
  return [
    policy('ServingReadPolicy', `Reads items of ${blueprint.migration.id} by key`, [
      allow('Items', ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], [tables, indexes]),
      allow('WhichTable', ['ssm:GetParameter'], alias),
    ]),
    policy('ServingRefreshPolicy', `Brings the latest items of ${blueprint.migration.id} into use`, [
      allow('Start', ['states:StartExecution'], machine),
      allow('Follow', ['states:DescribeExecution'], ofAccount('states', `execution:${name}:*`)),
    ]),
    role('ServingRefreshRole', 'states', [
      allow('Alone', ['states:ListExecutions'], machine),
      ...readImport(blueprint),
      allow('Tables', TABLE_ACTIONS, tables),
      // DynamoDB knows no narrower right for it.
      allow('Look', ['dynamodb:ListTables'], '*'),
      allow(
        'Switch',
        ['ssm:GetParameter', 'ssm:PutParameter'],
        [alias, ofAccount('ssm', `parameter${formerServingAlias(blueprint)}`)],
      ),
      allow('ImportLog', LOG_ACTIONS, ofAccount('logs', 'log-group:/aws-dynamodb/*')),
    ]),
    {
      id: 'ServingRefresh',
      type: 'AWS::StepFunctions::StateMachine',
      properties: {
        StateMachineName: name,
        StateMachineType: 'STANDARD',
        RoleArn: attribute('ServingRefreshRole', 'Arn'),
        DefinitionS3Location: { Bucket: ref('CodeBucket'), Key: sub('${CodePrefix}dynamodb/refresh.json') },
      },
    },
  ];
}

const TABLE_ACTIONS = [
  'dynamodb:ImportTable',
  'dynamodb:DescribeImport',
  'dynamodb:DescribeTable',
  'dynamodb:UpdateContinuousBackups',
  'dynamodb:DeleteTable',
];

/** What an import asks of who begins it (DynamoDB Developer Guide, "Requesting a table import"). */
const LOG_ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:PutLogEvents',
  'logs:PutRetentionPolicy',
];

function readImport(blueprint: Blueprint): Json[] {
  const zone = zoneOf(blueprint, servingZone(servedDatasets(blueprint)));
  const { files } = servedFrom(blueprint.migration.id, { prefix: '' });
  return [...readFolders([{ zone, path: files }]), ...useKeys([zone], [])];
}

function policy(id: string, description: string, statements: readonly Json[]): Resource {
  return {
    id,
    type: 'AWS::IAM::ManagedPolicy',
    properties: { Description: description, PolicyDocument: { Version: '2012-10-17', Statement: statements } },
  };
}

function ofAccount(service: string, rest: string): Json {
  return sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`);
}
