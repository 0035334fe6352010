import { Command } from 'commander';
import { connect, zoneTargets } from '../compose.ts';
import { nameMask } from '../compose-reports.ts';
import type { ObjectAddress } from '../domain/plan.ts';
import { isExpected } from '../domain/privacy/small-objects.ts';
import type { Blueprint } from '../generate/blueprint.ts';
import { pipelineName } from '../generate/names.ts';
import { formatBytes, formatCount } from '../report/quantities.ts';
import { refuseOpenErasure } from '../steps/zones/erasure-records.ts';
import { blueprintOf } from './blueprint-of.ts';
import { EXIT } from './exit-codes.ts';
import { leftOutOf, listManifests, type Listed, type ManifestOptions } from './list-manifests.ts';
import { withReadLedger } from './locked-ledger.ts';
import { interruptible, notesTo, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { recordZone } from './zone-of.ts';
import { MANIFEST_WORDS } from './zones-manifest-words.ts';

export function manifestCommand(): Command {
  return new Command('manifest')
    .summary('list the objects of raw that the functions for small files are to take')
    .description(
      'Writes, for each dataset that has a function for small files, the list of objects that the state machine of "lakelift generate" gives to it, below _manifests/ of raw, and prints the input of the execution. Listed is what the last run has proven, stands so, and a build would read. The same objects are the same list.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .argument('[datasets...]', 'only these; all that have a function unless given')
    .option(
      '--since <run-id>',
      'only objects that this run, or a later one, has brought; all of a dataset that does not stand yet',
    )
    .option('--dry-run', 'print the objects, and write nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift zones manifest absences --since 20261126-035445-8632 --dry-run\n  $ lakelift zones manifest absences arrets --since 20261126-035445-8632\n  $ aws stepfunctions start-execution --state-machine-arn arn:aws:states:… --input "$(lakelift zones manifest absences --since 20261126-035445-8632)"\n\nExit codes: 0 written, or as it stood; 2 nothing to list, or "--since" is to be given; 3 written, and something was left out that somebody should look at.',
    )
    .action(async (id: string, names: string[], options: ManifestOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const blueprint = await blueprintOf(project, id);
      const place = { project, useCase: blueprint.migration.id, progress: notesTo(terminal) };
      const platform = await connect(project, () => undefined);
      try {
        const listed = await interruptible(terminal, (signal) =>
          withReadLedger(place, async (ledger) => {
            const records = { useCase: place.useCase, zone: recordZone(zoneTargets(project.config)), signal };
            // A function would bring back whom it takes out.
            await refuseOpenErasure({ ...records, store: platform.store });
            return listManifests({ blueprint, names, options, ledger, platform, signal });
          }),
        );
        const mask = nameMask(project, blueprint.mapping, { isReading: true });
        if (terminal.isJson) terminal.printJson(asJson(listed));
        else print(terminal, blueprint, listed);
        if (options.dryRun === true && !terminal.isJson)
          for (const address of listed.flatMap(({ objects }) => objects))
            terminal.print(visible(mask.text(uriOf(address))));
        if (!terminal.isJson) terminal.print(JSON.stringify(inputOf(listed)));
        if (listed.some(isToLookAt)) process.exitCode = EXIT.itemsFailed;
      } finally {
        await platform.close();
      }
    });
}

/** What a job makes whole lacks nothing. */
function isToLookAt({ way, leftOut }: Listed): boolean {
  return typeof way !== 'object' && leftOutOf(leftOut).some(([why]) => !isExpected(why));
}

/** What it does not name, the machine makes whole by its job. */
function inputOf(listed: readonly Listed[]): unknown {
  const named = listed.flatMap(({ dataset: { name }, way, manifest }) => {
    if (typeof way === 'object') return [];
    return [[name, manifest ? { bucket: manifest.bucket, key: manifest.key } : { objects: 0 }] as const];
  });
  return { manifests: Object.fromEntries(named) };
}

function uriOf({ bucket, key }: ObjectAddress): string {
  return `s3://${bucket}/${key}`;
}

function asJson(listed: readonly Listed[]): unknown {
  return {
    input: inputOf(listed),
    datasets: listed.map(({ dataset, way, above, objects, sizeBytes, leftOut, manifest }) => ({
      name: dataset.name,
      madeBy: typeof way === 'object' ? 'job' : (way ?? 'nothing'),
      ...(typeof way === 'object' && { why: way.byJob }),
      ...(manifest && above.length > 0 && { notIn: above }),
      objects: objects.length,
      sizeBytes,
      leftOut,
      ...(manifest && { bucket: manifest.bucket, key: manifest.key, outcome: manifest.outcome ?? 'not written' }),
    })),
  };
}

function print(terminal: Terminal, blueprint: Blueprint, listed: readonly Listed[]): void {
  const words = MANIFEST_WORDS[terminal.language];
  const count = (value: number): string => formatCount(value, terminal.language);
  const rows = listed.flatMap(({ dataset, objects, sizeBytes, manifest }) =>
    manifest === undefined
      ? []
      : [
          [
            visible(dataset.name),
            count(objects.length),
            formatBytes(sizeBytes, terminal.language),
            visible(uriOf(manifest)),
            words.outcomes[manifest.outcome ?? 'not-written'],
          ],
        ],
  );
  for (const line of table(words.head, rows, new Set([1, 2]))) terminal.say(line);
  for (const { dataset, way, above, leftOut } of listed) {
    if (way === undefined) terminal.say(visible(words.kept(dataset.name)));
    else if (way !== 'functions') terminal.say(visible(words.byItsJob(dataset.name, words.whys[way.byJob])));
    else if (above.length > 0) terminal.say(visible(words.notAbove(dataset.name, above.join(', '))));
    for (const [why, objects] of leftOutOf(leftOut))
      terminal.say(visible(words.leftOut(dataset.name, count(objects), words.reasons[why])));
  }
  const arn = `arn:aws:states:${blueprint.region}:…:stateMachine:${pipelineName(blueprint)}`;
  const input = JSON.stringify(inputOf(listed));
  terminal.say(words.start(visible(`aws stepfunctions start-execution --state-machine-arn ${arn} --input '${input}'`)));
}
