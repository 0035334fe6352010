import { describe, inject } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { describeRegistration } from '../../contracts/registration.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('registerTables on moto', () => {
  describeRegistration(() => {
    const { glueEndpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    return new GlueTargetCatalog({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  });
});
