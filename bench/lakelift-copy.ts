import { connect, openLedger, zoneTargets } from '../src/compose.ts';
import { loadProject } from '../src/config/config.ts';
import { readMapping } from '../src/config/mapping-file.ts';
import { loadMigration } from '../src/config/migration-file.ts';
import { drawPlan } from '../src/draw-plan.ts';
import { openRun } from '../src/run-record.ts';
import { copyFiles } from '../src/steps/copy/copy-files.ts';

/** Plan and copy of a use case and no more: what the others do, and the proof. */
const project = await loadProject(process.cwd());
const [useCase] = process.argv.slice(2) as [string];
const progress = (): void => undefined;
const { signal } = new AbortController();
const platform = await connect(project, progress);
const migration = await loadMigration(project.root, useCase);
const ledger = openLedger(project, migration.id);
try {
  const mapping = await readMapping(project.root, useCase);
  const zones = zoneTargets(project.config);
  const { authorities } = project.config.source.hdfs;
  const plan = await drawPlan(
    { migration, mapping, zones, clusterAuthorities: authorities, platform, progress, signal },
    ledger,
  );
  const { runId } = openRun(ledger, plan, { startedBy: 'bench', toolVersion: 'bench' });
  const { source, store: target, copySlots: slots } = platform;
  const { filesAtOnce, partsAtOnce, partSize: partSizeBytes } = project.config.limits;
  const limits = { filesAtOnce, partsAtOnce, partSizeBytes };
  await copyFiles({ ledger, runId, source, target, limits, slots, progress, signal });
  for (const { status, count } of ledger.totals(runId)) console.log(`${count} ${status}`);
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file' }))
    if (outcome?.proof !== 'end-to-end') throw new Error(`${item.id} was not proven end to end`);
} finally {
  ledger.close();
  await platform.close();
}
