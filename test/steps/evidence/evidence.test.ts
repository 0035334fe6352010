import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TarArchive } from '../../../src/adapters/directory/tar-archive.ts';
import { FileSigner } from '../../../src/adapters/signing/file-signer.ts';
import type { EvidenceSubject } from '../../../src/domain/evidence/journal.ts';
import { packEvidence, type PackedEvidence } from '../../../src/steps/evidence/pack-evidence.ts';
import { verifyEvidence, type Trusted } from '../../../src/steps/evidence/verify-evidence.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const REPORT = '{"verdict":"identical"}\n';
const PLAN = '{"id":"file:b/k"}\n';
const ITEMS = 'item,status\r\nfile:b/k,verified\r\n';
const subject: EvidenceSubject = {
  useCase: 'absences',
  runId: 'r1',
  planHash: 'h',
  verdict: 'identical',
  reportSha256: sha256(REPORT),
  toolVersion: '0',
  decision: 'accepted',
  isMasked: false,
};
const acceptance = (report: string) =>
  JSON.stringify({
    decisions: [
      { decision: 'accepted', report: { runId: 'r1', sha256: sha256(report), lists: { 'items.csv': sha256(ITEMS) } } },
    ],
  });

describe('evidence', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-evidence-'));
  let packed: PackedEvidence;
  let archive: Buffer;

  const pack = (name: string, change: { report?: string; accepted?: string } = {}) =>
    packEvidence(new TarArchive(join(directory, name)), () => subject, [
      { name: 'report/report.json', content: [change.report ?? REPORT] },
      { name: 'report/items.csv', content: [ITEMS], isList: true },
      { name: 'report/acceptance.json', content: [acceptance(change.accepted ?? REPORT)] },
      { name: 'plan/items.jsonl', content: [PLAN], isList: true },
    ]);
  /** In pieces of odd sizes, as streams come. */
  const verify = (bytes: Buffer, trusted: Trusted = {}) => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 777) pieces.push(bytes.subarray(at, at + 777));
    return verifyEvidence(Readable.from(pieces), trusted);
  };

  beforeAll(async () => {
    packed = await pack('evidence.tar');
    archive = readFileSync(packed.place);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is genuine as it was packed, in a form that tar reads', async () => {
    expect(await verify(archive, { seal: packed.seal })).toMatchObject({ isGenuine: true, faults: [] });
    const names = execFileSync('tar', ['tf', packed.place], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toEqual([...packed.entries.map(({ name }) => name), 'journal.jsonl']);
    expect(execFileSync('tar', ['xOf', packed.place, 'report/report.json'], { encoding: 'utf8' })).toBe(REPORT);
  });

  it('is the same for the same files', async () => {
    expect(readFileSync((await pack('again.tar')).place).equals(archive)).toBe(true);
  });

  it('betrays the change of any single byte, wherever it is', async () => {
    const unnoticed: number[] = [];
    for (let at = 0; at < archive.length; at++) {
      const changed = Buffer.from(archive);
      changed[at]! ^= 1;
      const { isGenuine, faults } = await verify(changed);
      if (isGenuine || faults.every(({ entry }) => entry === '')) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  }, 60_000);

  it('names the entry that was changed', async () => {
    const at = archive.indexOf('"verdict":"identical"}\n') + 12;
    const changed = Buffer.from(archive);
    changed[at]! ^= 1;
    const { faults } = await verify(changed);
    expect(faults.map(({ entry, code }) => `${code} ${entry}`)).toEqual([
      'ENTRY_CHANGED report/report.json',
      'REPORT_DIFFERS report/report.json',
    ]);
  });

  it.each([0, 1, 511, 512, 700, 1024, 3000])(
    'betrays an archive cut after %i bytes, and one that goes on',
    async (size) => {
      expect((await verify(archive.subarray(0, size))).isGenuine).toBe(false);
      expect((await verify(archive.subarray(0, archive.length - 1))).isGenuine).toBe(false);
      expect((await verify(Buffer.concat([archive, Buffer.alloc(size + 1)]))).isGenuine).toBe(false);
    },
  );

  it('betrays an entry that was added, taken out or moved, and a journal line that was', async () => {
    const end = archive.indexOf('plan/items.jsonl.gz\0');
    const without = Buffer.concat([archive.subarray(0, end), archive.subarray(archive.indexOf('journal.jsonl\0'))]);
    expect((await verify(without)).faults.map(({ code }) => code)).toContain('ENTRY_MISSING');
    const more = new TarArchive(join(directory, 'more.tar'));
    await more.add('extra.txt', Readable.from([Buffer.from('x')]));
    const added = Buffer.concat([readFileSync(await more.finish()).subarray(0, 1024), archive]);
    expect((await verify(added)).faults.map(({ code, entry }) => `${code} ${entry}`)).toEqual([
      'ENTRY_UNKNOWN extra.txt',
    ]);
  });

  it('is found out by its seal when all of it was packed anew around another report', async () => {
    const forged = await pack('forged.tar', { report: '{"verdict":"differences"}\n' });
    const bytes = readFileSync(forged.place);
    expect((await verify(bytes)).faults.map(({ code }) => code)).toContain('REPORT_DIFFERS');
    expect((await verify(bytes, { seal: packed.seal })).faults.map(({ code }) => code)).toContain('SEAL_DIFFERS');
  });

  it('holds no acceptance of another report', async () => {
    const { place } = await pack('other.tar', { accepted: 'another report' });
    expect((await verify(readFileSync(place))).faults).toMatchObject([
      { entry: 'report/acceptance.json', code: 'ACCEPTANCE_DIFFERS' },
    ]);
  });

  describe.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['an elliptic curve', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ] as const)('signed with %s', (_name, makeKeys) => {
    it('is genuine under that key only, and openssl agrees', async () => {
      const passphrase = 'secret';
      const keyFile = join(directory, 'key.pem');
      const { privateKey } = makeKeys();
      writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }));
      expect(() => new FileSigner(keyFile, 'wrong')).toThrow(/no private key/);
      const signer = new FileSigner(keyFile, passphrase);
      const signature = { bytes: await signer.sign(Buffer.from(packed.journal)), publicKey: await signer.publicKey() };
      expect((await verify(archive, { signature })).isGenuine).toBe(true);
      const other = String(makeKeys().publicKey.export({ type: 'spki', format: 'pem' }));
      const wrong = await verify(archive, { signature: { ...signature, publicKey: other } });
      expect(wrong.faults).toMatchObject([{ code: 'SIGNATURE_WRONG' }]);
    });
  });
});
