import type { GdprWords } from './gdpr-words.ts';

export const ENGLISH: GdprWords = {
  toComplete: 'to be completed',
  none: 'none',
  classes: {
    unclassified: 'unclassified',
    identifier: 'direct identifier',
    'quasi-identifier': 'quasi-identifier',
    sensitive: 'sensitive',
    'free-text': 'free text',
    technical: 'technical',
    public: 'public',
  },
  forms: {
    keep: 'in clear',
    drop: 'not taken',
    department: 'département',
    year: 'year',
    month: 'month',
    pseudonym: (key) => `keyed pseudonym (${key})`,
    yearBand: (years) => `band of ${years} years`,
    band: (width) => `band of ${width}`,
    mask: (shown) => `first ${shown} characters`,
  },
  figure: 'figure over several rows',
  register: {
    title: (useCase) => `Record of processing activities: ${useCase}`,
    intro:
      'Entry of article 30.1 of the GDPR, made from the declarations of the use case. What they do not say is marked "to be completed".',
    head: ['Item', 'Content'],
    controller: 'Controller, and joint controllers',
    officer: 'Data protection officer',
    owner: 'Contact of the use case',
    purposes: 'Purposes',
    bases: 'Lawful bases',
    article: (basis) => `art. ${basis}`,
    subjects: 'Categories of data subjects',
    data: 'Categories of data',
    special: 'Special categories, offences and convictions (art. 9 and 10)',
    offences: 'Of these, codes of offences and convictions (art. 10)',
    noOffences: 'none in DSN files; columns of tables that tell of any are in the row above',
    recipients: 'Recipients',
    transfers: 'Transfers outside of the European Union',
    place: (region) => `to be confirmed; the data stand in the AWS region ${region}`,
    retention: 'Retention',
    security: 'Security measures',
    pseudonyms: (scheme) => `HMAC-SHA-256 pseudonyms, key ${scheme} kept outside of the lake`,
    treated: (forms) => `Columns changed before anybody reads them: ${forms}`,
    classes: (dataset, over, size) => `${dataset}: classes by ${over}, of at least ${size}`,
    people: (k, of) => `${k} people, counted by ${of}`,
    rows: (k) => `${k} rows, of which one person may have several`,
    except: (column, reason) =>
      `; ${column} is no part of them and may tell smaller ones apart, by decision: ${reason}`,
    tooSmall: {
      refuse: '; otherwise nothing is published',
      suppress: '; rows of smaller classes are suppressed',
    },
    blanked: (columns) => `; in smaller classes ${columns} is emptied first, and classes made again`,
    notAnonymous: (dataset, reason) => `${dataset}: no classes, by decision: ${reason}`,
    gate: 'All values are searched for identifiers left in clear before each publication',
    validByChance: (reason) =>
      `one number alone that may be valid by chance stops no publication, nor does any number of a company, by decision: ${reason}`,
    stacks: (logDays) => [
      'By the generated stacks, where they are deployed: each zone is encrypted with a KMS key of its own, is reached by TLS alone, and nothing in it is public',
      'each job and function has a role of its own, which reads what its dataset is made of and writes where it stands; the key of pseudonyms is read only by what makes pseudonyms',
      `logs of functions are kept for ${logDays} days, and hold counts and codes, no value of anybody; those of Glue as long as the account says`,
    ],
    open: 'To be completed',
  },
  retention: {
    title: (useCase) => `Retention and deletion: ${useCase}`,
    intro:
      'For each table, and each folder of files: how long what it holds is kept, and how it is deleted. No build leaves expired rows out by itself: what is written here is for the contact of the use case to do.',
    head: ['Zone', 'Table', 'Dataset', 'Period', 'Counted from', 'Deletion', 'Lawful bases'],
    undecided: 'to be decided',
    from: (column) => `date in ${column}`,
    bound: (column) =>
      `bound ${column} in "where" of the dataset (is ">=", values in the order of dates), then build again; rows without a value go as well`,
    takeOut:
      '"where" cannot bound this column: take expired rows out at the source, or expired files out of raw, then build again',
    decide: 'give "retention" in the dataset',
    versions: (days) =>
      `What is deleted or replaced can be had back for ${days} days, as an earlier version of the object in S3, by who may read versions; it is gone then. This holds for each row below that lies in a bucket, where the generated stack of the zones is deployed.`,
    backups: (days) =>
      `What is deleted from a table of DynamoDB can be had back for ${days} days by its point-in-time recovery; a table that is deleted keeps a last backup as long.`,
    manifests:
      'lists of files, whose names may tell of people: remove each once its execution has ended; no rule of the bucket does',
    raw: 'copy of the source as it is: to be deleted as a whole once no dataset depends on it',
    smallFiles: (days) =>
      `each build and job takes out the rows of objects that it has read; remove those of sources that raw has no more; ${days === undefined ? 'without a period, no rule of the bucket does' : `a rule of the bucket deletes those that nobody has written anew for ${days} days, and begins again with each erasure and rotation: see the queries below`}`,
    servingFiles: 'after each build, "lakelift serve", then refresh; a rule of the bucket deletes the files to import',
    servingTables: 'after each refresh, delete the table of before, which stays until the next one',
    quarantine: 'lines in clear: remove what was dealt with; no rule of the bucket does',
    queries: 'Expired rows',
    queriesIntro: 'Queries for Athena or Trino that count what is to be deleted today. They show nobody.',
    objects: 'Expired objects of functions',
    objectsIntro:
      'Queries for Athena or Trino that name objects to remove today: no row in them may be kept any longer, counted from the date of the object of raw that they were made of. An erasure or a rotation that writes them anew does not change it.',
  },
  access: {
    title: (useCase) => `Access matrix: ${useCase}`,
    intro: 'Who sees which column, in which form. What is not in it is given to nobody.',
    head: ['Dataset', 'Column', 'Class', 'Form'],
    sees: 'yes',
    left: 'Columns of the sources that are not taken',
    leftIntro: 'They stay in raw, where no consumer is declared.',
    nobody: (datasets) => `Without a declared consumer: ${datasets}.`,
    except: (reason) => `; outside of the classes, by decision: ${reason}`,
    smallFiles: (tables) => `Tables of functions have the same columns, for the same consumers: ${tables}.`,
  },
};
