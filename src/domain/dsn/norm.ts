/**
 * Blocks of the DSN's phase 3 norm (edition P24V01): who contains whom, and which of their rubrics are dates (DDMMYYYY), amounts or counts. Numbers as in the norm, names
 * in our words. Other editions add rubrics and blocks; these are kept as text, so that nothing of a file depends on its edition.
 */
export interface BlockDefinition {
  readonly name: string;
  readonly parent: string | undefined;
  /** Ranges of numbers: `1-3 7`. */
  readonly rubrics: string;
  readonly dates?: string;
  readonly decimals?: string;
  readonly integers?: string;
}

export const DECLARATION = 'S20.G00.05';
export const TRAILER = 'S90.G00.90';

export const BLOCKS: Readonly<Record<string, BlockDefinition>> = {
  'S10.G00.00': { name: 'envoi', parent: undefined, rubrics: '1-8' },
  'S10.G00.01': { name: 'emetteur', parent: 'S10.G00.00', rubrics: '1-10' },
  'S10.G00.02': { name: 'contact_emetteur', parent: 'S10.G00.00', rubrics: '1-2 4-6' },
  'S20.G00.05': { name: 'declaration', parent: 'S10.G00.00', rubrics: '1-13', dates: '5 7', integers: '3-4' },
  'S20.G00.07': { name: 'contact_declare', parent: 'S20.G00.05', rubrics: '1-4' },
  'S20.G00.08': { name: 'organisme_absence_rattachement', parent: 'S20.G00.05', rubrics: '1' },
  'S21.G00.06': { name: 'entreprise', parent: 'S20.G00.05', rubrics: '1-12 15', integers: '9' },
  'S21.G00.11': {
    name: 'etablissement',
    parent: 'S21.G00.06',
    rubrics: '1-9 15-17 19-20 22-24',
    dates: '19-20',
    integers: '8',
  },
  'S21.G00.12': { name: 'coordonnees_bancaires', parent: 'S21.G00.11', rubrics: '1-3' },
  'S21.G00.13': { name: 'complement_oeth', parent: 'S21.G00.06', rubrics: '1-4', decimals: '3', integers: '4' },
  'S21.G00.15': { name: 'adhesion_prevoyance', parent: 'S21.G00.11', rubrics: '1-5' },
  'S21.G00.16': { name: 'changement_adhesion_prevoyance', parent: 'S21.G00.15', rubrics: '1-3', dates: '1' },
  'S21.G00.20': {
    name: 'versement_organisme',
    parent: 'S21.G00.11',
    rubrics: '1-8 10-14',
    dates: '6-7 11',
    decimals: '5',
  },
  'S21.G00.22': { name: 'bordereau_cotisation', parent: 'S21.G00.11', rubrics: '1-6', dates: '3-4', decimals: '5' },
  'S21.G00.23': { name: 'cotisation_agregee', parent: 'S21.G00.22', rubrics: '1-7', decimals: '3-5' },
  'S21.G00.30': { name: 'individu', parent: 'S21.G00.11', rubrics: '1-20 22-25 29' },
  'S21.G00.31': { name: 'changement_individu', parent: 'S21.G00.30', rubrics: '1 8-11', dates: '1' },
  'S21.G00.34': { name: 'prevention_penibilite', parent: 'S21.G00.30', rubrics: '1-3', integers: '3' },
  'S21.G00.40': {
    name: 'contrat',
    parent: 'S21.G00.30',
    rubrics: '1-14 16-33 35-37 39-46 48-81',
    dates: '1 10 30-32',
    decimals: '12-13 23 43 54-55 59 68',
    integers: '58 75 80',
  },
  'S21.G00.41': {
    name: 'changement_contrat',
    parent: 'S21.G00.40',
    rubrics: '1-8 10-14 16-25 27-65',
    dates: '1 21 28',
    decimals: '7 17 22 31-32 36 43',
    integers: '35 51 64',
  },
  'S21.G00.44': { name: 'assujettissement_fiscal', parent: 'S21.G00.11', rubrics: '1-4', decimals: '2', integers: '3' },
  'S21.G00.45': { name: 'donnees_deja_declarees', parent: 'S21.G00.40', rubrics: '1-2' },
  'S21.G00.50': {
    name: 'versement_individu',
    parent: 'S21.G00.30',
    rubrics: '1-4 6-9 11-13 20',
    dates: '1',
    decimals: '2 4 6 9 11-13',
    integers: '3 8',
  },
  'S21.G00.51': {
    name: 'remuneration',
    parent: 'S21.G00.50',
    rubrics: '1-2 10-16 19-20',
    dates: '1-2',
    decimals: '12-16 19-20',
  },
  'S21.G00.52': { name: 'prime', parent: 'S21.G00.50', rubrics: '1-4 6-7', dates: '3-4 7', decimals: '2' },
  'S21.G00.53': { name: 'activite', parent: 'S21.G00.51', rubrics: '1-3', decimals: '2' },
  'S21.G00.54': { name: 'autre_revenu_brut', parent: 'S21.G00.50', rubrics: '1-4', dates: '3-4', decimals: '2' },
  'S21.G00.55': { name: 'composant_versement', parent: 'S21.G00.20', rubrics: '1-5', decimals: '1' },
  'S21.G00.56': { name: 'regularisation_impot', parent: 'S21.G00.50', rubrics: '1-10 15', decimals: '3-10 15' },
  'S21.G00.58': { name: 'revenu_calcule_en_net', parent: 'S21.G00.50', rubrics: '1-4', dates: '1-2', decimals: '4' },
  'S21.G00.60': { name: 'arret_travail', parent: 'S21.G00.40', rubrics: '1-8 10-12 600', dates: '2-3 5-6 10 12' },
  'S21.G00.62': {
    name: 'fin_contrat',
    parent: 'S21.G00.40',
    rubrics: '1-6 8 11 13-14 16-20',
    dates: '1 3-6 20',
    decimals: '11 13 18-19',
  },
  'S21.G00.63': { name: 'preavis', parent: 'S21.G00.62', rubrics: '1-3', dates: '2-3' },
  'S21.G00.65': { name: 'suspension_contrat', parent: 'S21.G00.40', rubrics: '1-5', dates: '2-3', decimals: '5' },
  'S21.G00.66': {
    name: 'temps_partiel_therapeutique',
    parent: 'S21.G00.60',
    rubrics: '1-3',
    dates: '1-2',
    decimals: '3',
  },
  'S21.G00.70': {
    name: 'affiliation_prevoyance',
    parent: 'S21.G00.40',
    rubrics: '4-5 7-15',
    dates: '14-15',
    integers: '7-11',
  },
  'S21.G00.71': { name: 'retraite_complementaire', parent: 'S21.G00.40', rubrics: '2-3' },
  'S21.G00.72': { name: 'retraite_affiliation_a_tort', parent: 'S21.G00.71', rubrics: '1-2' },
  'S21.G00.73': { name: 'ayant_droit', parent: 'S21.G00.70', rubrics: '1-11', dates: '4-5 11' },
  'S21.G00.78': { name: 'base_assujettie', parent: 'S21.G00.50', rubrics: '1-7', dates: '2-3', decimals: '4' },
  'S21.G00.79': { name: 'composant_base_assujettie', parent: 'S21.G00.78', rubrics: '1 4-5', decimals: '4' },
  'S21.G00.81': { name: 'cotisation_individuelle', parent: 'S21.G00.78', rubrics: '1-7', decimals: '3-4 7' },
  'S21.G00.82': { name: 'cotisation_etablissement', parent: 'S21.G00.11', rubrics: '1-6', dates: '3-4', decimals: '1' },
  'S21.G00.83': { name: 'retraite_periode_a_tort', parent: 'S21.G00.50', rubrics: '1-2', dates: '1-2' },
  'S21.G00.84': { name: 'retraite_base_a_tort', parent: 'S21.G00.83', rubrics: '1-5', dates: '2-3', decimals: '4' },
  'S21.G00.85': { name: 'lieu_travail', parent: 'S20.G00.05', rubrics: '1-17' },
  'S21.G00.86': { name: 'anciennete', parent: 'S21.G00.30', rubrics: '1-3 5', integers: '3' },
  'S21.G00.95': { name: 'maladie_base_a_tort', parent: 'S21.G00.50', rubrics: '1-5', dates: '2-3', decimals: '4' },
  'S21.G00.98': { name: 'saisie_tiers_detenteur', parent: 'S21.G00.30', rubrics: '1-4', decimals: '3' },
  'S89.G00.32': {
    name: 'beneficiaire_honoraires',
    parent: 'S20.G00.05',
    rubrics: '1-17',
    decimals: '16',
    integers: '17',
  },
  'S89.G00.33': { name: 'honoraires_avantages_nature', parent: 'S89.G00.32', rubrics: '1-2', decimals: '2' },
  'S89.G00.35': { name: 'honoraires_indemnites', parent: 'S89.G00.32', rubrics: '1-2', decimals: '2' },
  'S89.G00.43': { name: 'honoraires_remunerations', parent: 'S89.G00.32', rubrics: '1-2', decimals: '2' },
  'S89.G00.67': {
    name: 'retraite_supplementaire',
    parent: 'S20.G00.05',
    rubrics: '1-5',
    decimals: '3-4',
    integers: '5',
  },
  'S89.G00.87': {
    name: 'actions_gratuites',
    parent: 'S20.G00.05',
    rubrics: '1-8',
    dates: '5-6',
    decimals: '3-4',
    integers: '2',
  },
  'S89.G00.88': {
    name: 'options_titres',
    parent: 'S20.G00.05',
    rubrics: '1-9',
    dates: '6-7',
    decimals: '3-5',
    integers: '2',
  },
  'S89.G00.89': { name: 'bspce', parent: 'S20.G00.05', rubrics: '1-8', dates: '5', decimals: '2-4', integers: '1 6' },
  'S89.G00.91': { name: 'non_salarie', parent: 'S20.G00.05', rubrics: '1-21' },
  'S89.G00.92': {
    name: 'non_salarie_bases',
    parent: 'S89.G00.91',
    rubrics: '1-17',
    dates: '4-5 11',
    decimals: '3 6-7 10 12-14 16-17',
    integers: '9',
  },
  'S89.G00.93': {
    name: 'non_salarie_regularisation_impot',
    parent: 'S89.G00.92',
    rubrics: '1-10 13',
    decimals: '3-10 13',
  },
  'S89.G00.94': { name: 'non_salarie_cotisation', parent: 'S89.G00.92', rubrics: '1-2', decimals: '2' },
  'S90.G00.90': { name: 'total_envoi', parent: undefined, rubrics: '1-2', integers: '1-2' },
};

/** `1-3 7` as `001`, `002`, `003`, `007`. */
export function rubricNumbers(ranges: string | undefined): string[] {
  if (ranges === undefined) return [];
  return ranges.split(' ').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(3, '0'));
  });
}
