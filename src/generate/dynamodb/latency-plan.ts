import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { documentFiles, LANGUAGES, type Document, type Language } from '../document.ts';
import { jsonFile } from '../json-file.ts';
import { servingAlias } from '../names.ts';
import { accessPatterns, type AccessPattern } from './access-patterns.ts';
import { LATENCY_WORDS, type LatencySources } from './latency-words.ts';

const GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';

/** Where AWS says what the plan rests on. */
const SOURCES: LatencySources = {
  latency: `${GUIDE}/on-demand-capacity-mode.html`,
  operations: 'https://repost.aws/knowledge-center/dynamodb-high-latency',
  pages: `${GUIDE}/Query.Pagination.html`,
  consistency: `${GUIDE}/HowItWorks.ReadConsistency.html`,
};

/** For how long an application goes by the name of its table before it reads the parameter again. */
const KEPT_FOR_S = 60;

/** How each way to find items is served and in how many requests, and what a refresh changes: for programs, and in French and English for people. */
export function latencyPlan(blueprint: Blueprint, served: readonly Dataset[]): GeneratedFile[] {
  const patterns = accessPatterns(served);
  const parameter = servingAlias(blueprint);
  const refresh = { parameter, keptForS: KEPT_FOR_S, readAgainOn: 'ResourceNotFoundException', requests: 1 };
  return [
    jsonFile('dynamodb/access-patterns.json', { patterns, refresh, sources: SOURCES }),
    ...LANGUAGES.flatMap((language) => documentFiles(planFor(blueprint, patterns, language), language)),
  ];
}

function planFor(blueprint: Blueprint, patterns: readonly AccessPattern[], language: Language): Document {
  const words = LATENCY_WORDS[language];
  return {
    name: 'dynamodb/latency-plan',
    title: words.title(blueprint.migration.title[language]),
    intro: [words.intro],
    table: {
      head: words.head,
      rows: patterns.map(({ dataset, alsoFinds, index, partition, sort, operation, page, targetP99Ms }) => [
        [dataset, ...alsoFinds.map(words.among)].join(', '),
        `${partition} / ${sort}`,
        index === null ? words.ofTable(operation) : words.ofIndex(operation, index),
        words.eventual,
        page.items === null ? words.anyNumber : String(page.items),
        `${page.sizeBytes / 1024}`,
        String(page.requests),
        String(targetP99Ms),
      ]),
    },
    sections: [
      { title: words.targetTitle, lines: words.target(SOURCES) },
      { title: words.refreshTitle, lines: words.refresh(servingAlias(blueprint), KEPT_FOR_S, SOURCES) },
    ],
  };
}
