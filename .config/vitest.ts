import { defineConfig } from 'vitest/config';

/**
 * Two projects: `sandbox` needs the in-process servers at most, `stack` the real ones (started once by its global set-up). In CI, where a dozen servers and
 * two runs share two cores, a test that failed is tried once more; `test/run-all.ts` names each that needed it.
 */
const retry = process.env['CI'] === undefined ? 0 : 1;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'sandbox',
          retry,
          root: '.',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.stack.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stack',
          retry,
          root: '.',
          include: ['test/**/*.stack.test.ts'],
          globalSetup: [`${import.meta.dirname}/../test/stack/global-setup.ts`],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
