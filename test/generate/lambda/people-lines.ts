import type { ColumnMapping } from '../../../src/domain/mapping.ts';

/** A table of text with each type that a function reads, and each treatment. */
export const COLUMNS: Readonly<Record<string, readonly [type: string, mapped: ColumnMapping]>> = {
  id: ['int', { class: 'technical' }],
  nir: ['string', { class: 'identifier', treat: 'pseudonymise:nir' }],
  naissance: ['date', { class: 'quasi-identifier', treat: 'year-band:5' }],
  code_postal: ['char(5)', { class: 'quasi-identifier', treat: 'department' }],
  telephone: ['string', { class: 'identifier', treat: 'pseudonymise:phone' }],
  salaire: ['decimal(10,2)', { class: 'sensitive', treat: 'band:1000' }],
  taux: ['decimal(6,3)', { class: 'technical' }],
  score: ['double', { class: 'technical' }],
  rang: ['tinyint', { class: 'technical' }],
  actif: ['boolean', { class: 'technical' }],
  debut: ['date', { class: 'technical' }],
  vu: ['timestamp', { class: 'technical' }],
  libelle: ['varchar(40)', { class: 'public' }],
  remarque: ['array<string>', { class: 'free-text' }],
};
export const PARTITION: readonly [string, string] = ['annee', 'int'];

/** Lines of it: NULL, the empty text, accents, bounds of types, values in more than one spelling. */
export const LINES = [
  '1|1850578006084|1985-07-13|75011|06 12 34 56 78|2499.99|1.005|0.1|7|true|2024-01-31|2024-01-31 10:00:00.5|été à Zürich|x',
  '2|1 85 05 78 006 084 91|1984-07-13|20200|+33612345678|-3|1e1|1e20|-128|FALSE|2024-1-5|2024-01-31 10:00:00|"cité", l\'|',
  '\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N',
  '3|185052a006084||97133||12|0.0005|5|0|true|2024-02-29|2024-02-29 23:59:59|a\\b|',
  '4|185052A006084|1985-07-13|ABCDE|0612345678|999|-1.0005|-0.25|127|false|1999-12-31|1999-12-31 00:00:00.123456|  espaces  |',
  '6|1850578006084|1985-07-13|75011|0612345678|0|0|0|0|true|2024-01-31|2024-01-31 10:00:00||',
];
