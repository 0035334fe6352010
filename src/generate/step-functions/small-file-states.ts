import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { Blueprint } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { jobName } from '../names.ts';
import { audit, prefixOf, quarantine } from '../places.ts';
import { AGAIN_TO_LAMBDA, AGAIN_TO_S3, AGAIN_TO_STATES } from './retries.ts';
import { literal, stateNames } from './state-names.ts';

/** Functions that read raw at once; far below what an account may run. */
const FILES_AT_ONCE = 20;

/**
 * A Distributed Map over a manifest, a JSON array of `{ bucket, key }`: one call of the dataset's function for each. Every file is tried; those that failed
 * have a record in quarantine, and their number decides what became of the dataset.
 */
export function smallFileStates(blueprint: Blueprint, dataset: Dataset): Json {
  const { files, count, whole, filesMade, filesFailed, setAside } = stateNames(dataset);
  const results = audit(blueprint);
  return {
    [files]: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: {
          'Bucket.$': `$.manifests.${dataset.name}.bucket`,
          'Key.$': `$.manifests.${dataset.name}.key`,
        },
      },
      ItemSelector: { 'file.$': '$$.Map.Item.Value', 'run.$': '$$.Execution.Name' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...oneFile(blueprint, dataset),
      },
      MaxConcurrency: FILES_AT_ONCE,
      ToleratedFailurePercentage: 100,
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: results.zone.bucket, Prefix: `${prefixOf(results)}files/${dataset.name}` },
      },
      ResultPath: '$.files',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: setAside }],
      Next: count,
    },
    [count]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sfn:describeMapRun',
      Parameters: { 'MapRunArn.$': '$.files.MapRunArn' },
      ResultSelector: { 'files.$': '$.ItemCounts.Total', 'failed.$': '$.ItemCounts.Failed' },
      Retry: AGAIN_TO_STATES,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: setAside }],
      Next: whole,
    },
    [whole]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.failed', NumericEquals: 0, Next: filesMade }],
      Default: filesFailed,
    },
    [filesMade]: { Type: 'Pass', Parameters: { outcome: 'made', 'files.$': '$.files' }, End: true },
    [filesFailed]: {
      Type: 'Pass',
      Parameters: { outcome: 'failed', 'files.$': '$.files', 'filesFailed.$': '$.failed' },
      End: true,
    },
  };
}

function oneFile(blueprint: Blueprint, dataset: Dataset): Json {
  const aside = quarantine(blueprint, dataset);
  const { treatFile, setFileAside, fileFailed } = stateNames(dataset);
  return {
    StartAt: treatFile,
    States: {
      [treatFile]: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: {
          FunctionName: jobName(blueprint, dataset),
          Payload: { 'bucket.$': '$.file.bucket', 'key.$': '$.file.key', 'run.$': '$.run' },
        },
        ResultSelector: { 'result.$': '$.Payload' },
        Retry: AGAIN_TO_LAMBDA,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: setFileAside }],
        End: true,
      },
      [setFileAside]: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
        Parameters: {
          Bucket: aside.zone.bucket,
          // A key may hold anything, and be as long as a key can be: its hash names the record.
          'Key.$': `States.Format('${literal(prefixOf(aside))}{}/{}.json', $.run, States.Hash($.file.key, 'SHA-256'))`,
          ContentType: 'application/json',
          Body: { 'run.$': '$.run', 'file.$': '$.file', 'error.$': '$.error' },
        },
        Retry: AGAIN_TO_S3,
        Next: fileFailed,
      },
      [fileFailed]: { Type: 'Fail', Error: 'FileFailed', Cause: 'Its record stands in quarantine.' },
    },
  };
}
