import { join } from 'node:path';
import { measure } from './measure.ts';
import type { ReconcilePass } from './reconcile-run.ts';

/**
 * So many files in so many partitions, and a tenth of both: what comparing them costs this side, with generated ends behind the ports.
 * With the ledger of the run no object is asked for again; without it each is.
 */
export async function measureReconcile(files: number, partitions: number): Promise<string> {
  const lines = [
    '| files, partitions | evidence | plan, µs per file | reconcile, µs per file | CPU s in all | peak memory, MB |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const share of [10, 1])
    for (const evidence of ['with-ledger', 'without']) {
      const [count, parts] = [files, partitions].map((all) => Math.ceil(all / share)) as [number, number];
      const { output, peakMemoryBytes, cpuSeconds } = await measure({
        command: process.execPath,
        args: [join(import.meta.dirname, 'reconcile-run.ts'), String(count), String(parts), evidence],
      });
      const { planMs, reconcileMs, verdict } = JSON.parse(output.slice(output.indexOf('{'))) as ReconcilePass;
      if (verdict !== 'identical') throw new Error(`${count} files: ${output}`);
      const each = (ms: number): string => ((ms * 1000) / count).toFixed(0);
      const cells = [`${count}, ${parts}`, evidence, each(planMs), each(reconcileMs), cpuSeconds.toFixed(0)];
      lines.push(`| ${cells.join(' | ')} | ${(peakMemoryBytes / 1e6).toFixed(0)} |`);
    }
  return lines.join('\n');
}
