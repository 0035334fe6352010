import type { ColumnMapping } from '../mapping.ts';

interface NameRule {
  readonly pattern: RegExp;
  readonly proposal: ColumnMapping;
}

const joined = (...words: string[]) => new RegExp(`^(.+_)?(${words.join('|')})(_.+)?$`);
const PSEUDONYMISE = { class: 'identifier', treat: 'pseudonymise' } as const;

/**
 * Names that leave no doubt in French insurance and HR data. Whatever is not obvious stays `unclassified`: a person decides.
 * NIR and NTT are read as identifiers wherever they stand in the name; `siren` and `siret` name companies and are left open.
 */
const RULES: readonly NameRule[] = [
  {
    pattern: joined('nir', 'ntt', 'numero_securite_sociale', 'num_secu', 'no_secu', 'numss', 'matricule'),
    proposal: PSEUDONYMISE,
  },
  { pattern: joined('iban', 'bic', 'rib', 'email', 'e_mail', 'courriel', 'mail'), proposal: { class: 'identifier' } },
  { pattern: joined('telephone', 'tel', 'portable', 'mobile', 'rpps', 'adeli'), proposal: { class: 'identifier' } },
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

/** What the name of a column says about the persons in it. */
export function proposeColumn(name: string): ColumnMapping {
  return RULES.find(({ pattern }) => pattern.test(name))?.proposal ?? { class: 'unclassified' };
}
