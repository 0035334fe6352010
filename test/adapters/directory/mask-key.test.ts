import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { givenMaskKey, maskKey, maskKeyInFile, maskKeyToReadWith } from '../../../src/adapters/directory/mask-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'lakelift-mask-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the key that names are masked with', () => {
  it('is made once, for its owner only, and stays', () => {
    const path = join(folder, 'state', 'mask.key');
    const key = maskKey(path);
    expect(maskKey(path)).toEqual(key);
    expect(maskKeyToReadWith(path)).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is another one each time, and nothing is written, where it is only read with', () => {
    const path = join(folder, 'nowhere', 'mask.key');
    expect(maskKeyToReadWith(path)).not.toEqual(maskKeyToReadWith(path));
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('is taken from a file or a variable, without the line end, and must not be guessed', () => {
    const path = join(folder, 'given.key');
    writeFileSync(path, 'a key of some length\n');
    expect(maskKeyInFile(path)).toEqual(givenMaskKey('a key of some length', 'KEY'));
    expect(() => givenMaskKey(' short ', 'KEY')).toThrow(
      expect.objectContaining({ code: 'MASK_KEY_SHORT', subject: 'KEY' }),
    );
    expect(() => givenMaskKey(undefined, 'KEY')).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }));
    expect(() => maskKeyInFile(join(folder, 'gone'))).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }));
  });
});
