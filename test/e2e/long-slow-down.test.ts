import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const SLOW_MS = 130_000;

let project: SandboxProject | undefined;
let proxy: FaultProxy | undefined;
afterEach(async () => {
  await project?.close();
  await proxy?.close();
});

/** Before a store that checks every signature, which are over the proxy's own address. */
describe('a store that asks to slow down for minutes', () => {
  it('is asked ever more seldom, waited for, and then has everything once', async () => {
    let since: number | undefined;
    const refusedAtMs: number[] = [];
    project = await openSandboxProject({
      change: (config) => ({ ...config, limits: { partSize: '5 MiB', retryForMinutes: 15 } }),
    });
    const { endpoint } = project.sandbox.configuration.target.s3;
    proxy = await startFaultProxy(endpoint);
    const settings = join(project.root, 'lakelift.yaml');
    writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(endpoint, proxy.url));
    proxy.fault = ({ operation }) => {
      if (!/PutObject|UploadPart|CreateMultipart|Complete/.test(operation)) return undefined;
      since ??= performance.now();
      const elapsedMs = performance.now() - since;
      if (elapsedMs > SLOW_MS) return undefined;
      refusedAtMs.push(elapsedMs);
      return { kind: 'answer', status: 503, code: 'SlowDown', message: 'Reduce your request rate' };
    };
    const { code, summary, stderr } = await project.run('churn');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(stderr).toContain('"kind":"retry"');
    const within = (fromMs: number, toMs: number) => refusedAtMs.filter((at) => at >= fromMs && at < toMs).length;
    expect(refusedAtMs.at(-1)).toBeGreaterThan(SLOW_MS / 2);
    expect(within(SLOW_MS / 2, SLOW_MS)).toBeLessThan(within(0, SLOW_MS / 2) / 2);
    const again = await project.run('churn');
    expect(again.code).toBe(0);
  }, 300_000);
});
