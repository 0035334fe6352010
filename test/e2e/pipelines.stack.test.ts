import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { lintTemplate } from '../stack/cfn-lint.ts';

describe.skipIf(inject('stack') === undefined)('the role of pipelines', () => {
  it('is a template that AWS takes', async () => {
    expect(await lintTemplate(join(import.meta.dirname, '../../docs/ci/aws-role.yaml'))).toBe('');
  });
});
