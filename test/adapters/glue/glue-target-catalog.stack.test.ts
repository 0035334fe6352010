import { describe, inject } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { describeTargetCatalog } from '../../contracts/target-catalog.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('GlueTargetCatalog on moto', () => {
  // moto takes stale versions and checks neither limits nor duplicates, and has no statistics; the sandbox does.
  describeTargetCatalog({ versions: false, rules: false, statistics: false }, () => {
    const { glueEndpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const catalog = new GlueTargetCatalog({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    return Promise.resolve({ catalog, close: () => Promise.resolve() });
  });
});
