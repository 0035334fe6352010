import type { ColumnMapping } from '../../src/domain/mapping.ts';
import type { Check } from '../../src/domain/privacy/check.ts';
import type { Dataset } from '../../src/domain/privacy/dataset.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import { COLUMNS, LINES } from './typed-lines.ts';

/** A table of raw with one object, and the datasets that are made of it. */
export interface ThreeTable {
  readonly serde: Pick<TargetTable['storage'], 'serdeLibrary' | 'serdeParameters'>;
  readonly columns: Readonly<Record<string, readonly [type: string, mapped: ColumnMapping]>>;
  readonly lines: readonly string[];
  readonly parameters?: TargetTable['parameters'];
  readonly datasets: Readonly<Record<string, Partial<Dataset>>>;
  /** Lines that have more fields than the table, or fewer. */
  readonly otherCount: number;
}

const BY_PIPES = {
  serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  serdeParameters: { 'field.delim': '|', 'serialization.format': '|' },
};
const CSV = { serdeLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', serdeParameters: {} };
const JSON_LINES = { serdeLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe', serdeParameters: {} };
const PUBLIC: ColumnMapping = { class: 'public' };

const between = (column: string, bounds: { readonly min?: number; readonly max?: number }): Check => ({
  ...{ rule: 'between', column, ...bounds, severity: 'warn' },
});

/** Some engines take each of these for a number, and others do not; the ten that all take are those without a blank, with digits on both sides of a point. */
const NUMBERS = [
  ...[
    '7',
    '+7',
    '-7',
    '0042',
    '7.5',
    '1e5',
    '1E+5',
    '12345678901234567890',
    '1e100',
    '-1e-100',
    '0.1234567890123456789012',
  ],
  ...[
    ' 7',
    '7 ',
    '\t7',
    '.5',
    '5.',
    '-.5',
    '1_000',
    '1d',
    '7f',
    '0x10',
    'Infinity',
    'NaN',
    '٧',
    '1e5000',
    '+',
    'e5',
    '',
  ],
];
const BIGINTS = ['9223372036854775807', '-9223372036854775808', '1000000000000000000', '99999999999999999', '0'];
const DOUBLES = ['1e100', '-1e100', '1e-100', '1e18', '0.5'];
const DECIMALS = ['-7.5', '-0.25', '1000000000000000000', '0', '7.5'];

/** Texts as a CSV has them, and what each is read as; of every third nothing can be read. */
const TYPED: Readonly<Record<string, { readonly type: string; readonly texts: readonly [string, string, string] }>> = {
  embauche: { type: 'date:dd/MM/yyyy', texts: ['31/12/2024', ' 01/02/0001', '30/02/2024'] },
  declare: { type: 'date:ddMMyyyy', texts: ['13071985', '31129999', '99991985'] },
  jour: { type: 'date', texts: ['1582-10-10', '2024-02-29', '0000-01-01'] },
  instant: { type: 'timestamp', texts: ['2024-01-31 10:00:00', '0985-07-13 01:02:03.45', '2024-01-31 24:00:00'] },
  releve: { type: 'timestamp:dd.MM.yyyy HH:mm', texts: ['31.01.2024 10:05', '01.01.1900 00:00', '31.01.2024'] },
  rang: { type: 'int', texts: ['+7', '-0042', '2147483648'] },
  numero: { type: 'bigint', texts: ['9223372036854775807', '-9223372036854775808', '9223372036854775808'] },
  montant: { type: 'decimal(10,2):,', texts: ['1234,5', '-0', '1.234,50'] },
  exact: { type: 'decimal(38,9)', texts: ['123456.123456789', '+000.1', '1e5'] },
  taux: { type: 'double:,', texts: ['1,5e3', '-0', '1.5'] },
  actif: { type: 'boolean:oui/non', texts: ['OUI', 'non', 'peut-être'] },
};
const texts = (at: 0 | 1 | 2): string =>
  Object.values(TYPED)
    .map(({ texts: all }) => `"${all[at]}"`)
    .join(',');

/** By their names. */
export const TABLES: Readonly<Record<string, ThreeTable>> = {
  people: {
    ...{ serde: BY_PIPES, columns: COLUMNS, lines: LINES, otherCount: 0 },
    datasets: { people: { checks: [{ rule: 'row-count', min: 1, severity: 'refuse' }] } },
  },
  ragged: {
    serde: BY_PIPES,
    columns: { libelle: ['string', PUBLIC], rang: ['int', PUBLIC], fin: ['string', PUBLIC] },
    // The first line that is read decides nothing.
    lines: ['', 'a', 'b|1|z|trop', 'c|2', '|||', 'd|3|y', 'e|4|', '\\N', '5|x|y|z|'],
    datasets: { ragged: {} },
    otherCount: 7,
  },
  titled: {
    serde: BY_PIPES,
    columns: { id: ['int', PUBLIC], libelle: ['string', PUBLIC] },
    lines: ['Extraction', 'id|libelle', '1|a', '2|é', 'Extraction|b'],
    parameters: { 'skip.header.line.count': '2' },
    datasets: { titled: { where: [{ column: 'libelle', is: '!=', values: ['a'] }] } },
    otherCount: 0,
  },
  // No engine makes a dataset of it.
  footed: {
    serde: BY_PIPES,
    columns: { id: ['int', PUBLIC] },
    lines: ['1', 'total'],
    parameters: { 'skip.footer.line.count': '1' },
    datasets: {},
    otherCount: 0,
  },
  // Functions write no such lines: builds and jobs alone.
  nested: {
    serde: JSON_LINES,
    columns: {
      id: ['int', PUBLIC],
      noms: ['array<string>', PUBLIC],
      pairs: ['map<string,int>', PUBLIC],
      lieu: ['struct<ville:string,rangs:array<int>,de:struct<prix:decimal(10,2)>>', PUBLIC],
      par: ['map<string,array<struct<jour:date,vu:boolean>>>', PUBLIC],
    },
    lines: [
      '{"id":1,"noms":["é",null,""],"pairs":{"b":2,"a":1},"lieu":{"ville":"Aix","rangs":[2,1],"de":{"prix":1.50}},"par":{"k":[{"jour":"2024-01-31","vu":true},{"jour":null}],"":[]}}',
      '{"id":2,"noms":[],"pairs":{},"lieu":{"ville":null},"par":{}}',
      '{"id":3}',
      '{"id":4,"noms":null,"pairs":{"a":null},"lieu":null,"par":{"k":null}}',
    ],
    datasets: {},
    otherCount: 0,
  },
  json_lines: {
    serde: JSON_LINES,
    columns: {
      id: ['int', PUBLIC],
      libelle: ['string', PUBLIC],
      sigle: ['varchar(3)', PUBLIC],
      ville: ['char(8)', PUBLIC],
      petit: ['smallint', PUBLIC],
      grand: ['bigint', PUBLIC],
      reel: ['double', PUBLIC],
      montant: ['decimal(10,2)', PUBLIC],
      actif: ['boolean', PUBLIC],
      jour: ['date', PUBLIC],
      vu: ['timestamp', PUBLIC],
      nir: ['string', { class: 'identifier', treat: 'pseudonymise:nir' }],
      lieu: ['struct<ville:string>', { class: 'free-text' }],
    },
    // Keys in any case and twice, values missing and null, numbers for texts and with digits that a double has not.
    lines: [
      '{"id":1,"libelle":"été, \\"à\\" Zürich","sigle":"abcd","ville":"Aix ","petit":7,"grand":9223372036854775807,"reel":1e20,"montant":1.005,"actif":true,"jour":"2024-01-31","vu":"2024-01-31 10:00:00.5","nir":"1850578006084","lieu":{"ville":"Aix"}}',
      '{"ID":2,"Libelle":4.50,"SIGLE":12345,"Ville":"Villefranche","Petit":-1.9,"Grand":1e3,"Reel":-0.0,"MONTANT":"12.345","Actif":"TRUE","JOUR":"0985-07-13","VU":"0985-07-13 01:02:03.45","Nir":1850578006084}',
      '{"id":3,"libelle":null,"lieu":null,"autre":[{"id":9}],"nir":null}',
      '{"id":4,"ID":5,"libelle":"a","id":6,"Libelle":"b\\u00e9","actif":1}',
      '{}',
      ' { "_col0" : 7 , "libelle" : true , "reel" : 17 , "montant" : -0 , "actif" : false , "grand" : null } ',
    ],
    datasets: { json_lines: {} },
    otherCount: 0,
  },
  ragged_csv: {
    serde: CSV,
    columns: { libelle: ['string', PUBLIC], rang: ['string', PUBLIC], fin: ['string', PUBLIC] },
    lines: ['', 'a', '"b","1",z,trop', 'c,2', ',,,', 'd,"",""', '\\N,"\\\\N",NULL', 'e,4,"never closed', 'f,5,y'],
    datasets: { ragged_csv: {} },
    otherCount: 6,
  },
  numbers: {
    serde: BY_PIPES,
    columns: {
      id: ['int', PUBLIC],
      texte: ['string', PUBLIC],
      grand: ['bigint', PUBLIC],
      reel: ['double', PUBLIC],
      exact: ['decimal(38,2)', PUBLIC],
    },
    lines: NUMBERS.map((text, at) =>
      [at, text, ...[BIGINTS, DOUBLES, DECIMALS].map((values) => values[at % values.length])].join('|'),
    ),
    datasets: {
      number_texts: {
        where: [{ column: 'texte', is: '>', values: [-1e200] }],
        checks: [between('texte', { min: 0, max: 1e19 })],
      },
      number_bigints: {
        where: [{ column: 'grand', is: '>=', values: [1e18] }],
        checks: [between('grand', { min: 1e18, max: 1e19 }), between('texte', { max: 7.5 })],
      },
      number_doubles: {
        where: [{ column: 'reel', is: '!=', values: [0.5] }],
        checks: [between('reel', { max: 1e99 })],
      },
      number_decimals: {
        where: [{ column: 'exact', is: 'in', values: [7.5, 1e18, -0.25] }],
        checks: [between('exact', { min: 7.5 })],
      },
    },
    otherCount: 0,
  },
  typed: {
    serde: CSV,
    columns: Object.fromEntries(Object.keys(TYPED).map((name) => [name, ['string', PUBLIC] as const])),
    lines: [
      texts(0),
      texts(1),
      texts(2),
      Object.keys(TYPED)
        .map(() => '" "')
        .join(','),
      texts(0),
    ],
    datasets: {
      typed_columns: {
        columns: Object.fromEntries(
          Object.entries(TYPED).map(([name, { type }]) => [name, { type, unreadable: 'warn' }]),
        ),
      },
      typed_and_treated: {
        where: [{ column: 'rang', is: '!=', values: ['2147483648'] }],
        columns: {
          embauche: { type: 'date:dd/MM/yyyy', treat: 'year' },
          releve: { type: 'timestamp:dd.MM.yyyy HH:mm', treat: 'month' },
          montant: { type: 'decimal(10,2):,', treat: 'band:1000' },
          rang: { type: 'int', treat: 'mask:9' },
          taux: { type: 'double:,', treat: 'mask:9' },
          instant: { type: 'timestamp', treat: 'mask:20' },
        },
      },
    },
    otherCount: 0,
  },
};
