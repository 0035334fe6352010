import { join } from 'node:path';
import { measure } from './measure.ts';

/** Plan and ledger of so many files, and of a tenth of them: memory, and what one file costs, must not grow with their number. */
export async function measureInventory(files: number): Promise<string> {
  const lines = [
    '| files | plan, µs per file | outcomes, µs per file | peak memory, MB |',
    '| --- | --- | --- | --- |',
  ];
  for (const count of [Math.ceil(files / 10), files]) {
    const { output, peakMemoryBytes } = await measure({
      command: process.execPath,
      args: [join(import.meta.dirname, 'inventory-plan.ts'), String(count)],
    });
    const { planMs, outcomeMs } = JSON.parse(output.slice(output.indexOf('{'))) as {
      planMs: number;
      outcomeMs: number;
    };
    const each = (ms: number): string => ((ms * 1000) / count).toFixed(0);
    lines.push(`| ${count} | ${each(planMs)} | ${each(outcomeMs)} | ${(peakMemoryBytes / 1e6).toFixed(0)} |`);
  }
  return lines.join('\n');
}
