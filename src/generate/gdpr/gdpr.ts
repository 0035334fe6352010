import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import type { Blueprint, Generator } from '../blueprint.ts';
import { accessMatrix } from './access-matrix.ts';
import { documentFiles, LANGUAGES, type Document, type Language } from '../document.ts';
import { GDPR_WORDS, type GdprWords } from './gdpr-words.ts';
import { registerEntry } from './register.ts';
import { retentionPlan } from './retention.ts';

export interface GdprSource {
  readonly blueprint: Blueprint;
  readonly planned: readonly PlannedDataset[];
  readonly words: GdprWords;
  readonly language: Language;
}

const DOCUMENTS: readonly ((source: GdprSource) => Document)[] = [registerEntry, retentionPlan, accessMatrix];

/** What the law asks to have in writing: the register's entry (art. 30), retention (art. 5.1.e) and who sees what (art. 25, 32), in French and English. */
export const gdprDocuments: Generator = (blueprint) => {
  const planned = planDatasets(blueprint.datasets.datasets, blueprint.mapping);
  return LANGUAGES.flatMap((language) => {
    const source = { blueprint, planned, language, words: GDPR_WORDS[language] };
    return DOCUMENTS.flatMap((document) => documentFiles(document(source), language));
  });
};
