import type { ErasureWords } from './erasure-words.ts';

export const ERASURE_WORDS_EN: ErasureWords = {
  title: 'Erasure of a person',
  documentTitle: (useCase) => `Erasure of a person: ${useCase}`,
  states: {
    done: {
      headline: 'Erased from all that is published',
      meaning:
        'Rows of the person were looked for by their pseudonyms in cleaned and refined and in what applications are served from, and taken out. All columns of pseudonyms of what is published were looked into.',
    },
    'done-with-raw': {
      headline: 'Erased from all that is published and from raw',
      meaning:
        'Rows of the person were looked for by their pseudonyms in cleaned and refined and in what applications are served from, and by what they are known by in tables and DSN files of raw, and taken out. Folders of other files, objects hidden by their names, and free text of raw were not looked into.',
    },
    left: {
      headline: 'Not done: a part is left to its owners',
      meaning:
        'Rows that were found are gone. What could not be looked into is named below with the reason: the erasure is not done while it stands.',
    },
    'not-found': {
      headline: 'Not done: the person could not be found',
      meaning:
        'No column is a pseudonym of the kinds of identifiers that were given, and nothing was found among texts. Ask the person for another identifier.',
    },
    'not-ended': {
      headline: 'Not carried out: counted only, or cut off',
      meaning: 'These figures say what was found. Nothing proves that it is gone.',
    },
    withdrawn: { headline: 'Withdrawn: nothing was written', meaning: 'The erasure could not begin. Nothing changed.' },
  },
  sections: {
    subject: 'Subject',
    published: 'Found and erased',
    left: 'Published, and not looked into',
    raw: 'In raw',
    todo: 'To do',
    remains: 'What no erasure reaches',
    proof: 'To be kept as proof',
    signatures: 'Signatures',
  },
  facts: {
    useCase: 'Use case',
    begun: 'Begun',
    ended: 'Ended',
    by: 'Carried out by',
    pseudonyms: 'Pseudonyms (scheme, domain, key version)',
    kinds: 'Kinds of identifiers given',
    record: 'Record',
    sha256: 'SHA-256 of the record',
    withdrawn: 'Withdrawn because of',
  },
  notYet: 'not ended',
  kind: (word, columns) => `${word} (columns: ${columns})`,
  publishedHead: ['table or folder', 'before', 'of the person', 'after'],
  servedKinds: { 'serving-files': 'files to import', 'serving-table': 'table of DynamoDB' },
  nothingPublished: 'No dataset with pseudonyms is published.',
  unknown: 'unknown',
  leftHead: ['where', 'what it is', 'objects', 'reason'],
  leftKinds: {
    'small-files': 'objects written beside a dataset',
    'serving-files': 'files to import',
    'serving-tables': 'tables of DynamoDB',
    'undeclared-table': 'table that no dataset is declared for any more',
  },
  reasons: {
    NO_PSEUDONYMS: 'it has no pseudonyms',
    OTHER_PSEUDONYMS: 'its pseudonyms are of another key',
    DATASET_ELSEWHERE: 'it stands in no zone of the project',
    NO_DYNAMODB: 'no DynamoDB is configured',
    DUCKDB_UNSUPPORTED: 'its format is not read here',
    NO_IDENTIFIER_COLUMN: 'no column identifies anybody',
    NAME_HOLDS_THEM: 'its name holds an identifier of the person',
    NESTED_IDENTIFIER: 'columns of lists, maps or structs could hold them, and are not looked into',
    DSN_PACKED: 'it is packed otherwise than with gzip',
    DSN_GZIP_BROKEN: 'it is no whole gzip file',
    LINE_IN_PIECES: 'it holds lines in pieces, which they may lie across',
    ERASURE_UNSURE: 'without their rows it would read otherwise',
    OBJECT_TOO_LARGE: 'it is larger than 512 MiB',
    DSN_RECORD_OF_OTHERS: 'the block that names them contains those of others',
    PARQUET_NOT_REWRITTEN: 'this file of Parquet cannot be written anew without touching other values',
    CREATING: 'it is being imported',
  },
  nothingLeft: 'Nothing: all columns of pseudonyms of what is published were looked into.',
  rawHead: ['table or folder', 'rows of the person', 'not looked into because'],
  objectsHead: ['object', 'rows of the person'],
  replacedHead: ['object', 'rows', 'bytes before', 'bytes after', 'CRC32C before', 'CRC32C after', 'stays because'],
  whyRaw:
    'Raw is the source to the byte and is not changed. As long as it holds the person, building from it brings them back.',
  rawErased:
    'Rows of the person were taken out of raw as well: each object below whose bytes are given was replaced by the same without these rows, and read again before it was written. Its metadata say which file it is a copy of, and which record says how it differs.',
  rawWould:
    'Rows of the person would go from raw as well: each object below would be replaced by the same without these rows.',
  nothingInRaw: 'No table and no folder of raw is declared.',
  pathsNotSearched: 'Folders and objects not looked into, or not wholly',
  decideRaw:
    'Erase the person at the source and migrate again, or decide in writing that raw stays, and do not build from it.',
  rawLeft: 'See to what stays in raw: erase the person at the source and migrate again, or remove the object.',
  source:
    'Erase the person at the source as well, as long as it lives: a newer version of one of these files is not copied over what stands.',
  buildAgain: (dataset) => `Build ${dataset} again, which is made of rows of this person, once they are erased.`,
  lookByHand: (table, columns) => `Look by hand into ${table}: ${columns}, kept in clear.`,
  smallClass: (table, smallest, k) =>
    `Build ${table} again: a class of ${smallest} is left, where k = ${k} is asked for.`,
  owners: 'See to what is published and was not looked into, then erase again with the same identifiers.',
  nothingToDo: 'Nothing.',
  remains: [
    'Earlier versions of objects of S3, until the lifecycle of the bucket ends them.',
    'Point-in-time recovery of tables of DynamoDB, for 35 days, and backups and exports that somebody made.',
    'Copies that other tools took from the lake, and free text of raw.',
    'Files of tables that were taken out of the catalog, and databases that the use case no longer names.',
  ],
  proof: [
    'The record, JSON as it is, with its digest, and this page signed, as long as proof may be asked for.',
    'The request of the person and the answer given, outside of the lake.',
    'The file of identifiers is to be destroyed once the erasure is done: neither the record nor this page holds one.',
  ],
  signatories: ['Who carried out the erasure', 'The data protection officer'],
  readApproved: 'Name, role, date, "read and approved"',
  footer: (tool) =>
    `Drawn up by lakelift ${tool}. Times in UTC. This page holds no identifier, no pseudonym and no key.`,
};
