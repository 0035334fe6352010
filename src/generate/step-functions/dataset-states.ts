import type { Dataset } from '../../domain/privacy/dataset.ts';
import { FIGURES_PARAMETER } from '../../domain/privacy/job-figures.ts';
import type { Blueprint } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { jobName, takesSmallFiles } from '../names.ts';
import { prefixOf, quarantine } from '../places.ts';
import { AGAIN_TO_GLUE, AGAIN_TO_S3 } from './retries.ts';
import { smallFileStates } from './small-file-states.ts';
import { literal, stateNames } from './state-names.ts';

/** One branch: it ends with `{ outcome: made | kept | failed, … }`, whatever happens. */
export function datasetStates(blueprint: Blueprint, dataset: Dataset): Json {
  const names = stateNames(dataset);
  if (!takesSmallFiles(blueprint, dataset)) return { StartAt: names.make, States: jobStates(blueprint, dataset) };
  return {
    StartAt: names.choose,
    States: {
      [names.choose]: {
        Type: 'Choice',
        Choices: [
          { Variable: `$.manifests.${dataset.name}.objects`, IsPresent: true, Next: names.kept },
          { Variable: `$.manifests.${dataset.name}`, IsPresent: true, Next: names.files },
        ],
        Default: names.make,
      },
      [names.kept]: { Type: 'Pass', Parameters: { outcome: 'kept' }, End: true },
      ...smallFileStates(blueprint, dataset),
      ...jobStates(blueprint, dataset),
    },
  };
}

function jobStates(blueprint: Blueprint, dataset: Dataset): Json {
  const names = stateNames(dataset);
  return {
    [names.make]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::glue:startJobRun.sync',
      Parameters: { JobName: jobName(blueprint, dataset), Arguments: { '--run.$': '$$.Execution.Name' } },
      ResultSelector: { outcome: 'made', 'jobRun.$': '$.Id' },
      Retry: AGAIN_TO_GLUE,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: names.setAside }],
      Next: names.look,
    },
    ...figureStates(dataset),
    [names.setAside]: setAside(blueprint, dataset),
    [names.failed]: {
      Type: 'Pass',
      Parameters: { outcome: 'failed', 'error.$': '$.error.Error' },
      End: true,
    },
  };
}

/**
 * As the job has left them with its table (lakelift_job.py): Glue gives its answer no other way. In a branch of its own, so that nothing that is wrong with them
 * keeps the execution from its record, but an answer beyond 256 KiB: then the dataset is made all the same, and has none.
 */
function figureStates({ name, target }: Dataset): Json {
  const { look, ask, hasFigures, findFigures, readFigures, noFigures, made, madeWithoutFigures } = stateNames({ name });
  const said = `$.table.parameters['${FIGURES_PARAMETER}']`;
  return {
    [look]: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: ask,
          States: {
            [ask]: {
              Type: 'Task',
              Resource: 'arn:aws:states:::aws-sdk:glue:getTable',
              Parameters: { DatabaseName: target.database, Name: target.table },
              ResultSelector: { 'parameters.$': '$.Table.Parameters' },
              ResultPath: '$.table',
              Retry: AGAIN_TO_GLUE,
              Next: hasFigures,
            },
            [hasFigures]: {
              Type: 'Choice',
              // Nothing else is read as JSON: what fails there, not every interpreter catches.
              Choices: [
                {
                  And: [
                    { Variable: said, IsPresent: true },
                    { Variable: said, StringMatches: `{"dataset":*"${name}"*}` },
                  ],
                  Next: findFigures,
                },
              ],
              Default: noFigures,
            },
            [findFigures]: { Type: 'Pass', Parameters: { 'said.$': said }, Next: readFigures },
            [readFigures]: { Type: 'Pass', Parameters: { 'figures.$': 'States.StringToJson($.said)' }, End: true },
            [noFigures]: { Type: 'Fail', Error: 'NoFigures', Cause: `Its table has no ${FIGURES_PARAMETER}.` },
          },
        },
      ],
      ResultSelector: { 'branch.$': '$[0]' },
      ResultPath: '$.looked',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.looked', Next: madeWithoutFigures }],
      Next: made,
    },
    [made]: {
      Type: 'Pass',
      Parameters: { outcome: 'made', 'jobRun.$': '$.jobRun', 'figures.$': '$.looked.branch.figures' },
      End: true,
    },
    [madeWithoutFigures]: { Type: 'Pass', Parameters: { outcome: 'made', 'jobRun.$': '$.jobRun' }, End: true },
  };
}

/** What broke a job may quote a row: it is kept where rows may be, and the record has its name alone. */
function setAside(blueprint: Blueprint, dataset: Dataset): Json {
  const aside = quarantine(blueprint, dataset);
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
    Parameters: {
      Bucket: aside.zone.bucket,
      'Key.$': `States.Format('${literal(prefixOf(aside))}{}.json', $$.Execution.Name)`,
      ContentType: 'application/json',
      Body: { dataset: dataset.name, 'run.$': '$$.Execution.Name', 'error.$': '$.error' },
    },
    ResultPath: null,
    Retry: AGAIN_TO_S3,
    // Even where it cannot be kept, the branch ends as failed and the others go on.
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notKept', Next: stateNames(dataset).failed }],
    Next: stateNames(dataset).failed,
  };
}
