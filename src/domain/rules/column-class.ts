import type { ColumnMapping } from '../mapping.ts';
import { PATTERNS_OF_PEOPLE } from './personal-patterns.ts';
import { classOfKind, kindOfName } from './personal-values.ts';

interface NameRule {
  readonly pattern: RegExp;
  readonly proposal: ColumnMapping;
}

const joined = (...words: string[]) => new RegExp(`^(.+_)?(${words.join('|')})(_.+)?$`);

/**
 * Names that leave no doubt in French insurance and HR data. Whatever is not obvious stays `unclassified`: a person decides.
 * Names that say which kind of value it is come before these: {@link kindOfName}. `siren` and `siret` name companies and are left open.
 */
const RULES: readonly NameRule[] = [
  // One register of one employer, and no form of its own.
  { pattern: joined('matricule'), proposal: { class: 'identifier', treat: 'pseudonymise' } },
  { pattern: joined('bic', 'rib', 'adeli'), proposal: { class: 'identifier' } },
  {
    pattern: /^(nom|prenom|prenoms)(_(naissance|usage|famille|marital|client|salarie|prospect|patient|assure))?$/,
    proposal: { class: 'identifier' },
  },
  { pattern: /^adresse(_.+)?$/, proposal: { class: 'identifier' } },
  { pattern: /^(date|dt|lieu|commune|departement|pays)_(de_)?naissance$/, proposal: { class: 'quasi-identifier' } },
  { pattern: /^(code_postal|sexe|civilite|situation_familiale)(_.+)?$/, proposal: { class: 'quasi-identifier' } },
  {
    pattern: joined('diagnostic', 'pathologie', 'cim10', 'handicap', 'syndicat', 'motif_arret', 'taux_pas'),
    proposal: { class: 'sensitive' },
  },
  {
    pattern: joined('commentaire', 'commentaires', 'observation', 'observations', 'compte_rendu'),
    proposal: { class: 'free-text' },
  },
  {
    pattern: /^(id_lot|date_chargement|horodatage_chargement|batch_id|load_ts|etl_.+|insert_ts|update_ts)$/,
    proposal: { class: 'technical' },
  },
];

const OF_PEOPLE = new Set(PATTERNS_OF_PEOPLE.map(({ kind }) => kind));

/** What the name of a column says about the persons in it. */
export function proposeColumn(name: string): ColumnMapping {
  const kind = kindOfName(name);
  if (kind !== undefined && OF_PEOPLE.has(kind)) return classOfKind(kind);
  return RULES.find(({ pattern }) => pattern.test(name))?.proposal ?? { class: 'unclassified' };
}
