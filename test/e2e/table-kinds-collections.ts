import type { OddKind } from './table-kinds-odd.ts';

const COLUMNS = [
  { name: 'id', type: 'int' },
  { name: 'words', type: 'array<string>' },
  { name: 'counts', type: 'map<string,int>' },
];

const collections = (name: string, properties: string, content: string): OddKind => ({
  name: `text_${name}`,
  columns: COLUMNS,
  rows: 2,
  files: { 'a.txt': content },
  statements: [
    `CREATE EXTERNAL TABLE @table (id int, words array<string>, counts map<string,int>)
     ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
     WITH SERDEPROPERTIES ('field.delim'=',', ${properties}) STORED AS TEXTFILE LOCATION '@folder'`,
  ],
});

/** Arrays and maps in text: what separates their items, and what may stand inside of them. */
export const COLLECTION_KINDS: readonly OddKind[] = [
  collections('long_delimiters', `'collection.delim'='::', 'mapkey.delim'='=>'`, '1,x::y,k=>1\n2,x:y,k=1\n'),
  collections(
    'delimiter_both_names',
    `'colelction.delim'=';', 'collection.delim'='|', 'mapkey.delim'=':'`,
    '1,x;y|z,k:1\n2,x|y,k;l:2\n',
  ),
  {
    // As Hive before 3 wrote it. Hive 3.1.3 does not heed it.
    ...collections('delimiter_old_name', `'colelction.delim'=';', 'mapkey.delim'=':'`, '1,x;y,k:1\n2,z,l:2\n'),
    differing: { columns: ['words'], code: 'COLLECTION_DELIMITER_OLD' },
  },
  {
    ...collections(
      'escaped_items',
      `'escape.delim'='\\\\', 'collection.delim'=';', 'mapkey.delim'=':'`,
      '1,x;y\\;z,k\\;l:1\n2,z,l:2\n',
    ),
    differing: { columns: ['words', 'counts'], code: 'ESCAPED_ITEMS' },
  },
];
