import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isIban, isNir, isSiren, isSiret } from '../../../src/domain/rules/check-digits.ts';
import { kindOfValues } from '../../../src/domain/rules/personal-values.ts';
import { cellMaker, Row } from '../../../src/sandbox/lake/column-values.ts';
import { createLake } from '../../../src/sandbox/lake/create-lake.ts';
import { drawPerson, nirKey } from '../../../src/sandbox/lake/people.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';

function digest(): string {
  const hash = createHash('sha256');
  for (const { path, content } of createLake().files) hash.update(path).update(content);
  return hash.digest('hex');
}

describe("the sandbox's lake", () => {
  it('is the same to the byte every time', () => {
    expect(digest()).toBe(digest());
  });

  it('is small, yet has a file of several blocks and parts', () => {
    const files = [...createLake().files];
    const sizeBytes = files.reduce((sum, { content }) => sum + content.length, 0);
    expect(sizeBytes).toBeLessThan(60e6);
    expect(
      files.some(({ content, blockSizeBytes }) => content.length > 10 * 1024 * 1024 && blockSizeBytes === 1024 * 1024),
    ).toBe(true);
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  it('holds NIR of the official form, whose birth date is that of the person', () => {
    const random = new Random('test');
    for (let drawn = 0; drawn < 500; drawn++) {
      const { nir, birthDate, isWoman } = drawPerson(random);
      expect(nir).toMatch(/^[12]\d{2}(0[1-9]|1[0-2])\d{8}$/);
      expect(nir.slice(0, 5)).toBe(`${isWoman ? 2 : 1}${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}`);
      // Of a commune that there is not: the number is nobody's.
      expect(Number(nir.slice(7, 10))).toBeGreaterThanOrEqual(950);
    }
  });

  it('holds numbers with right check digits: NIR with key, IBAN, SIRET', () => {
    const random = new Random('test');
    for (const [words, kind] of [
      ['nirWithKey', 'nir'],
      ['iban', 'iban'],
      ['siret', 'siret'],
    ] as const) {
      const make = cellMaker(words);
      const values = Array.from({ length: 200 }, (_, index) => make(random, new Row(index, random)) as string);
      expect(kindOfValues(values)).toEqual({ kind, matching: 200, sampled: 200 });
    }
  });

  it('as a whole is the same to the byte every time as well, and no name in it comes twice', () => {
    const digests = [1, 2].map(() => {
      const hash = createHash('sha256');
      const paths = [...createLake('whole').files].map(
        ({ path, content }) => hash.update(path).update(content) && path,
      );
      expect(new Set(paths).size).toBe(paths.length);
      return hash.digest('hex');
    });
    expect(digests[0]).toBe(digests[1]);
  }, 60_000);

  it('holds DSN files whose SIREN, SIRET and IBAN have right check digits, of a company and a bank that do not exist', () => {
    const dsn = [...createLake().files].filter(({ path }) => path.endsWith('.dsn'));
    for (const { content } of dsn) {
      const text = Buffer.from(content).toString('latin1');
      const [siren, nic, employer, seat, place, collector, iban] = [
        ...['S10.G00.01.001', 'S10.G00.01.002', 'S21.G00.06.001', 'S21.G00.06.002', 'S21.G00.11.001'],
        ...['S21.G00.20.001', 'S21.G00.20.004'],
      ].map((rubric) => new RegExp(`^${rubric.replaceAll('.', '[.]')},'(.*)'`, 'm').exec(text)![1]!);
      expect([siren, employer].filter((one) => !isSiren(one!))).toEqual([]);
      const sirets = [`${siren}${nic}`, `${employer}${seat}`, `${employer}${place}`, collector!];
      expect(sirets.filter((one) => !isSiret(one) || !one.startsWith('00000'))).toEqual([]);
      expect(isIban(iban!) && iban!.slice(4).startsWith('0000000000')).toBe(true);
      const nirs = [...text.matchAll(/^S21\.G00\.30\.001,'(.*)'/gm)].map(([, nir]) => nir!);
      expect(nirs.filter((nir) => !isNir(nir) || !isNir(nir + nirKey(nir)))).toEqual([]);
      expect(nirs.length).toBeGreaterThan(0);
    }
  });

  it('holds DSN files whose count of rubrics is right, in ISO-8859-1', () => {
    const dsn = [...createLake().files].filter(({ path }) => path.endsWith('.dsn'));
    expect(dsn.length).toBeGreaterThan(10);
    for (const { content } of dsn) {
      const lines = Buffer.from(content).toString('latin1').trimEnd().split('\r\n');
      expect(lines.at(-2)).toBe(`S90.G00.90.001,'${lines.length}'`);
      expect(lines.every((line) => /^S\d\d\.G\d\d\.\d\d\.\d{3},'.*'$/.test(line) && line.length <= 256)).toBe(true);
    }
    const text = dsn.map(({ content }) => Buffer.from(content).toString('latin1')).join('');
    expect(text).toContain('Lefèvre');
    expect(text).not.toMatch(/[\u0080-\u009f]/);
  });
});
