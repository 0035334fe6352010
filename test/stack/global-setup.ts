import type { TestProject } from 'vitest/node';
import { MissingToolError } from './cache.ts';
import { findRunningStack } from './main.ts';
import { startStack, stopStack, type StackAddresses } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** undefined on a machine that cannot run the servers: then every stack test is skipped, visibly. Never in CI. */
    stack: StackAddresses | undefined;
    stackProcesses: Readonly<Record<string, number>>;
  }
}

const TERMINATED = 128 + 15;

/** Starts the real servers once for all stack tests and stops them whatever happens; a stack left by `npm run stack` is used and left alone. */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = await findRunningStack();
  if (running !== undefined) {
    provide('stack', running.addresses);
    provide('stackProcesses', running.processes);
    return undefined;
  }
  try {
    const stack = await startStack();
    provide('stack', stack.addresses);
    provide('stackProcesses', stack.processes);
    // `timeout` and the stop of a CI job end Vitest so, without its teardown.
    const onTerminated = (): void => void stopStack(stack).finally(() => process.exit(TERMINATED));
    process.once('SIGTERM', onTerminated);
    return () => {
      process.off('SIGTERM', onTerminated);
      return stopStack(stack);
    };
  } catch (error) {
    if (!(error instanceof MissingToolError) || process.env['CI'] !== undefined) throw error;
    console.error(`\nStack tests are SKIPPED. ${error.message}\n`);
    provide('stack', undefined);
    provide('stackProcesses', {});
    return undefined;
  }
}
