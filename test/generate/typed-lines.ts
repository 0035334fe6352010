import type { ColumnMapping } from '../../src/domain/mapping.ts';
import { COLUMNS as PEOPLE, LINES as PEOPLE_LINES } from './lambda/people-lines.ts';

type Columns = Readonly<Record<string, readonly [type: string, mapped: ColumnMapping]>>;

const quasi = (treat: string): ColumnMapping => ({ class: 'quasi-identifier', treat });
const hidden = (field = 'text'): ColumnMapping => ({ class: 'identifier', treat: `pseudonymise:${field}` });
const PUBLIC: ColumnMapping = { class: 'public' };

/** With those of people: each type that a function reads, each treatment, and treatments of more than one type. */
const MORE: Columns = {
  petit: ['smallint', { class: 'technical' }],
  grand: ['bigint', { class: 'technical' }],
  ville: ['char(8)', PUBLIC],
  sigle: ['varchar(3)', PUBLIC],
  matricule: ['string', { class: 'identifier', treat: 'pseudonymise' }],
  iban: ['string', hidden('iban')],
  courriel: ['string', hidden('email')],
  numero: ['bigint', hidden()],
  jour: ['date', hidden()],
  instant: ['timestamp', hidden()],
  indice: ['double', hidden()],
  part: ['decimal(9,8)', hidden()],
  oui: ['boolean', hidden()],
  embauche: ['date', quasi('year')],
  declare: ['string', quasi('year')],
  signe: ['timestamp', quasi('month')],
  mois: ['string', quasi('month')],
  tranche: ['string', quasi('year-band:10')],
  prime: ['double', quasi('band:10')],
  effectif: ['int', quasi('band:5')],
  montant: ['string', quasi('band:100')],
  cp: ['string', quasi('department')],
  nom: ['string', quasi('mask:2')],
  quotient: ['decimal(9,8)', quasi('mask:6')],
  reste: ['double', quasi('mask:0')],
  zero: ['double', { class: 'technical' }],
};

export const COLUMNS: Columns = { ...PEOPLE, ...MORE };

const MORE_LINES = [
  '32767|9223372036854775807|Nice|abc|M1|FR76 3000 6000 0112 3456 7890 189|Zoé.Martin@Example.org|42|1985-07-13|1985-07-13 01:02:03|1e20|0.00000001|true|1985-07-13|13071985|1985-07-13 23:59:59|1985-07-13|1985-07-13|-0.5|17|1e3|2A004|Éloïse|0.12345678|1|-0.0',
  '-32768|-9223372036854775808| Aix |é|m1|fr7630006000011234567890189|ZOÉ.MARTIN@EXAMPLE.ORG|-42|0985-07-13|0985-07-13 01:02:03.45|0.00001|1|FALSE|0001-01-01|99991985|0001-01-01 00:00:00|13131985|99071985|9.9999999995|-3|2499.99|97133|É|1.5|5|0.0',
  Array.from(Object.keys(MORE), () => '\\N').join('|'),
  '0|0|Villefranche|abcd|||||||12|-0.00000001|false|1985-2-3||1985-02-03 00:00:00|||1e99|0|.5|20199||0|0|1e16',
  '7|1000000000000000|x|ab |\u00a0M1\u00a0|FR76\u00a03000|İ@x.fr|0|9999-12-31|9999-12-31 23:59:59.999999|1e16|9.87654321|true|9999-12-31|31129999|9999-12-31 00:00:00|9999-12-31|99999999|-10|-5|1_000|98799|👩‍👩‍👧|-0.00000001|1e100|',
  '1|2|a  b|ab|M1 |é|a@b.c|0042|1985-07-13|1985-07-13 01:02:00|123456789.125|0.1|TRUE|1985-07-13|1985-07-13|1985-07-13 00:00:00|1985-07-13 10:00:00|1985-07-13T00:00:00Z|0.1|5| 17 |75011|a|0.1|-0.0|0.1',
];

/** The lines of people, each with more. */
export const LINES = PEOPLE_LINES.map((line, at) => `${line}|${MORE_LINES[at]!}`);
