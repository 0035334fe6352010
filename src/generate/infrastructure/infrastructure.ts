import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { jsonFile } from '../json-file.ts';
import { cloudFormation } from './cloudformation.ts';
import { pipelineStack } from './pipeline-stack.ts';
import { refuseTwins, type Stack } from './stack.ts';
import { tagsStacks } from './tags-stack.ts';
import { terraform } from './terraform.ts';
import { zonesStack } from './zones-stack.ts';

/** What makes the datasets of one use case. */
export function infrastructure(blueprint: Blueprint): GeneratedFile[] {
  return [pipelineStack(blueprint), ...tagsStacks(blueprint)].flatMap((stack) => filesOf(stack, blueprint.region));
}

/** What all use cases of a lake stand on. */
export function sharedInfrastructure(blueprints: readonly Blueprint[]): GeneratedFile[] {
  return filesOf(zonesStack(blueprints), blueprints[0]!.region);
}

/** Either is enough: both are the same resources. */
function filesOf(stack: Stack, region: string): GeneratedFile[] {
  refuseTwins(stack);
  return [
    jsonFile(`cloudformation/${stack.name}.json`, cloudFormation(stack)),
    jsonFile(`terraform/${stack.name}/main.tf.json`, terraform(stack, region)),
  ];
}
