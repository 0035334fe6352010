import { defineConfig } from 'vitest/config';

/** Three projects: `unit` needs nothing, `sandbox` the in-process servers, `stack` the real servers (started once by its global set-up). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'sandbox',
          root: '.',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.stack.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stack',
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
