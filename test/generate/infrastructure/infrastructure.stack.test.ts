import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { infrastructure, sharedInfrastructure } from '../../../src/generate/infrastructure/infrastructure.ts';
import { run } from '../../stack/cache.ts';
import { lintTemplate } from '../../stack/cfn-lint.ts';
import { terraformConfigInspect } from '../../stack/install.ts';
import type { GeneratedFile } from '../../../src/generate/blueprint.ts';
import { blueprintOf } from '../blueprint.ts';
import { BLUEPRINT } from '../step-functions/blueprints.ts';

const ROTATED = {
  ...BLUEPRINT,
  datasets: { ...BLUEPRINT.datasets, pseudonyms: { domain: 'rh', version: 2, from: [1] } },
};
const FILES = [
  ...infrastructure(ROTATED),
  ...sharedInfrastructure([ROTATED]),
  ...(await ofUseCase('absences')),
  ...(await ofUseCase('churn')),
  ...(await ofUseCase('field-sales')),
];

/** Of the worked examples: DSN files among what is read, partitions that are kept, items that an application reads by key. */
async function ofUseCase(id: string): Promise<GeneratedFile[]> {
  return infrastructure(await blueprintOf(id)).map(({ path, text }) => ({ path: `${id}/${path}`, text }));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakelift-infrastructure-'));
  for (const { path, text } of FILES) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const templates = FILES.filter(({ path }) => path.includes('cloudformation/'));
const modules = FILES.filter(({ path }) => path.includes('terraform/'));

describe.skipIf(inject('stack') === undefined)('generated infrastructure', () => {
  it.each(templates)('is CloudFormation that the linter of AWS takes: $path', async ({ path }) => {
    expect(await lintTemplate(join(folder, path))).toBe('');
  });

  it('would be refused for a property that is none', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, templates[0]!.text.replace('"RoleArn"', '"RoleArns"'));
    await expect(lintTemplate(broken)).rejects.toThrow(/RoleArns/);
  });

  it.each(modules)('is what Terraform reads as a module: $path', async ({ path, text }) => {
    const inspect = await terraformConfigInspect();
    const said = JSON.parse(await run(inspect, ['--json', dirname(join(folder, path))])) as {
      managed_resources: Record<string, { type: string }>;
      required_providers: object;
      diagnostics?: unknown[];
    };
    expect(said.diagnostics ?? []).toEqual([]);
    expect(said.required_providers).toEqual({
      awscc: expect.objectContaining({ source: 'hashicorp/awscc' }) as unknown,
    });
    const { resource } = JSON.parse(text) as { resource: Record<string, object> };
    const all = Object.entries(resource).flatMap(([type, one]) => Object.keys(one).map((id) => `${type}.${id}`));
    expect(Object.keys(said.managed_resources).sort()).toEqual(all.sort());
  });
});
