import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import type { Treatment } from '../../domain/privacy/treatment.ts';
import type { GdprWords } from './gdpr-words.ts';

/** In which form readers of a dataset see a column. */
export function columnForm(column: PlannedColumn, scheme: PseudonymScheme | undefined, words: GdprWords): string {
  const { measure, because } = column;
  if (measure !== undefined && measure.kind !== 'min' && measure.kind !== 'max') return words.figure;
  const form = formOf(effectiveTreatment(column), scheme, words);
  return because === undefined ? form : `${form} (${because})`;
}

function formOf(treatment: Treatment, scheme: PseudonymScheme | undefined, { forms }: GdprWords): string {
  switch (treatment.kind) {
    case 'pseudonymise':
      return forms.pseudonym(scheme === undefined ? '' : `${scheme.domain} v${scheme.version}`);
    case 'year-band':
      return forms.yearBand(treatment.width);
    case 'band':
      return forms.band(treatment.width);
    case 'mask':
      return forms.mask(treatment.shown);
    default:
      return forms[treatment.kind];
  }
}
