import { describe, inject } from 'vitest';
import { describeReadmeExamples } from '../contracts/readme-examples.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('The examples of the README, on real Hadoop', () => {
  describeReadmeExamples(async () => ({ nameNodes: [stack!.webHdfsUrl], close: () => Promise.resolve() }));
});
