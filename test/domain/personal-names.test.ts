import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../src/config/mapping-file.ts';
import { NameMask, tokenOfDigest } from '../../src/domain/personal-names.ts';

const mapping = parseMapping(
  `useCase: absences
tables:
  rh.arret:
    target: { zone: raw, database: raw_rh, table: arret }
    columns:
      nir: { class: identifier }
      nom: { class: identifier }
      motif: { class: sensitive }
      mois: { class: technical }
paths:
  /data/rh/dossiers:
    target: { zone: raw, prefix: rh/dossiers }
    names: mask
  /data/rh/dsn:
    target: { zone: raw, prefix: rh/dsn }
`,
  'absences',
  'absences.yaml',
);
const mask = new NameMask(mapping, (value) => `<${value.length}>`);

describe('masked names', () => {
  it.each([
    // Partition keys by their class, in names, paths, keys and ids; a value may hold blanks.
    ['nir=abc', 'nir=masked-<3>'],
    ['mois=2024-01/nom=Jean Dupont', 'mois=2024-01/nom=masked-<11>'],
    ['/warehouse/rh.db/arret/nom=Jean Dupont/part-0', '/warehouse/rh.db/arret/nom=masked-<11>/part-0'],
    ['file:bucket/raw/NIR=x/part-0', 'file:bucket/raw/NIR=masked-<1>/part-0'],
    ['the partition "motif=grippe" is missing', 'the partition "motif=masked-<6>" is missing'],
    ['prenom=Jean', 'prenom=Jean'],
    // Names below a folder that masks them.
    ['/data/rh/dossiers/Dupont Jean/1.pdf', '/data/rh/dossiers/masked-<17>'],
    ['s3://b/rh/dossiers/Dupont.pdf', 's3://b/rh/dossiers/masked-<10>'],
    ['/data/rh/dossiers', '/data/rh/dossiers'],
    ['/data/rh/dsn/2024-01.txt', '/data/rh/dsn/2024-01.txt'],
    // Whatever looks personal, by form and check digits.
    ['/data/rh/dsn/185057800608491.txt', '/data/rh/dsn/masked-<15>.txt'],
    ['/data/rh/dsn/185057800608492.txt', '/data/rh/dsn/185057800608492.txt'],
    ['x 2820532B1234558 y', 'x 2820532B1234558 y'],
    ['1850578006084', 'masked-<13>'],
    ['jean.dupont@example.fr.csv', 'masked-<26>'],
    ['FR7630006000011234567890189', 'masked-<27>'],
    ['FR7630006000011234567890188', 'FR7630006000011234567890188'],
    ['tel 06 12 34 56 78', 'tel masked-<14>'],
    ['tel +33612345678', 'tel masked-<12>'],
    // What only looks like it stays.
    ['part-00000-1764068400000.parquet', 'part-00000-1764068400000.parquet'],
    ['20261123-235636-093e', '20261123-235636-093e'],
    ['sum 3 of 12 rows', 'sum 3 of 12 rows'],
  ])('%s', (text, shown) => {
    expect(mask.text(text)).toBe(shown);
  });

  it('stay as they are when a text is masked again', () => {
    const letters = new NameMask(mapping, (value) => tokenOfDigest(Buffer.from(value).toString('hex')));
    for (const text of ['mois=1/nom=Jean Dupont', '/data/rh/dossiers/Dupont Jean/1.pdf', 'tel +33612345678'])
      expect(letters.text(letters.text(text))).toBe(letters.text(text));
  });

  it('reach every text of a value and leave the rest', () => {
    const value = { id: 'partition:rh.arret/nir=1', count: 3, size: 4n, list: [{ name: 'nir=22' }], none: undefined };
    expect(mask.value(value)).toEqual({
      id: 'partition:rh.arret/nir=masked-<1>',
      count: 3,
      size: 4n,
      list: [{ name: 'nir=masked-<2>' }],
      none: undefined,
    });
  });
});

describe('a token', () => {
  it('is of letters, whatever the digest: it is not masked once more', () => {
    const digests = ['0612345678', '1850578006', 'ffffffffff', '0000000000'];
    const tokens = digests.map(tokenOfDigest);
    expect(new Set(tokens).size).toBe(digests.length);
    for (const token of tokens) {
      expect(token).toMatch(/^[a-p]{10}$/);
      const once = new NameMask(mapping, () => token).text('nir=abc');
      expect(once).toBe(`nir=masked-${token}`);
      expect(new NameMask(mapping, () => token).text(once)).toBe(once);
    }
  });
});
