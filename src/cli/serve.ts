import { Command } from 'commander';
import { servingEngine } from '../compose-engines.ts';
import { connect, whoAmI, zoneTargets } from '../compose.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { ServingImport } from '../domain/serving/serving-import.ts';
import { servingZone } from '../domain/serving/serving-place.ts';
import { LakeliftError } from '../errors.ts';
import { formatCount } from '../report/quantities.ts';
import { makeImport, type ServedDataset } from '../steps/serve/make-import.ts';
import { whileServing } from '../steps/serve/serving-mark.ts';
import { refuseOpenErasure } from '../steps/zones/erasure-records.ts';
import { SERVE_WORDS } from './serve-words.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible } from './terminal.ts';
import { recordZone } from './zone-of.ts';

export function serveCommand(): Command {
  return new Command('serve')
    .summary('make the files that a table of DynamoDB is imported from')
    .description(
      'Reads the datasets of a use case that have "serving", as they stand at the target, and writes them as items (DYNAMODB_JSON) below _serving/ of their zone. The refresh that "lakelift generate" writes imports them into a new table and switches to it.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .addHelpText(
      'after',
      '\nExample:\n  $ lakelift zones build field-sales && lakelift serve field-sales\n\nExit codes: 0 written, or as it stood; 2 a dataset is missing, does not fit, or two items have one key, or an erasure has not ended; 6 another serve is running.',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const made = await interruptible(terminal, (signal) => serve(command, id, signal));
      if (terminal.isJson) return terminal.printJson(made);
      const words = SERVE_WORDS[terminal.language];
      const rows = Object.entries(made.datasets).map(([name, items]) => [
        visible(name),
        formatCount(items, terminal.language),
      ]);
      for (const line of table(words.head, rows, new Set([1]))) terminal.print(line);
      terminal.say(words.made(made.version, visible(`s3://${made.bucket}/${made.prefix}`)));
    });
}

async function serve(command: Command, id: string, signal: AbortSignal): Promise<ServingImport> {
  const project = await projectOf(command);
  const { id: useCase } = await loadMigration(project.root, id);
  const datasets = (await readDatasets(project.root, id)).datasets.filter(
    (one): one is ServedDataset => one.serving !== undefined,
  );
  if (datasets.length === 0) throw nothingServed(id);
  const zone = servingZone(datasets);
  const zones = zoneTargets(project.config);
  const place = zones[zone];
  if (place === undefined) throw noZone(zone);
  const platform = await connect(project, () => undefined);
  try {
    const { store, targetCatalog: catalog } = platform;
    const records = { useCase, zone: recordZone(zones), store, signal };
    return await whileServing({ ...records, by: whoAmI() }, async (held) => {
      // An erasure that begins from now on finds this one running.
      await refuseOpenErasure(records);
      return makeImport({ useCase, datasets, place, engine: await servingEngine(platform), catalog, ...held });
    });
  } finally {
    await platform.close();
  }
}

function nothingServed(id: string): LakeliftError {
  return new LakeliftError(`No dataset of ${id} is served`, {
    kind: 'usage',
    code: 'NOTHING_SERVED',
    subject: `mappings/${id}.datasets.yaml`,
    hint: 'Give "serving" to a dataset: docs/pipelines.md shows how.',
  });
}

function noZone(zone: string): LakeliftError {
  return new LakeliftError(`Items belong into ${zone}, and lakelift.yaml has no such zone`, {
    kind: 'usage',
    code: 'ZONE_MISSING',
    subject: zone,
    hint: `Give the bucket under zones.${zone}.`,
  });
}
