import { Command } from 'commander';
import { connect } from '../compose.ts';
import { mappingPath, writeMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { LakeliftError } from '../errors.ts';
import type { Platform } from '../ports/platform.ts';
import type { QueryEngine } from '../ports/query-engine.ts';
import { classByValues } from '../steps/class-by-values.ts';
import { proposeMapping } from '../steps/map.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { paint, visible } from './terminal.ts';

export function mapCommand(): Command {
  return new Command('map')
    .summary('write or refresh the mapping of a use case for review')
    .description(
      'Reads the schemas of a use case and writes mappings/<use-case>.yaml. What people have edited there is never changed: only what is missing is added.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--sample', 'look at some rows of tables whose columns no name classes; nothing of them is kept')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift map absences\n  $ lakelift map absences --sample\n  $ git diff mappings/absences.yaml\n\nExit codes: 0 written or up to date, 3 the script names tables that the source does not have.',
    )
    .action(async (id: string, { sample = false }: { sample?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const migration = await loadMigration(project.root, id);
      const platform = await connect(project, () => undefined);
      try {
        const { mapping, missing } = await interruptible(terminal, async (signal) => {
          const files = { source: platform.source, clusterAuthorities: project.config.source.hdfs.authorities };
          const proposal = await proposeMapping(migration, platform.catalog, { signal, files });
          if (!sample) return proposal;
          const sampling = { catalog: platform.catalog, engine: engineOf(platform), files, signal };
          return { ...proposal, mapping: await classByValues(proposal.mapping, sampling) };
        });
        const diff = await writeMapping(project.root, mapping);
        if (terminal.isJson) terminal.printJson({ file: mappingPath(project.root, id), ...diff, missing });
        else {
          for (const name of diff.added) terminal.print(`${paint('green', '+')} ${visible(name)}`);
          for (const name of diff.vanished) terminal.print(`${paint('yellow', '?')} ${visible(name)}`);
          for (const { pattern, reason } of missing)
            terminal.print(
              `${paint('red', '✗')} ${visible(pattern)}: ${visible(reason.text)} ${visible(reason.hint ?? '')}`,
            );
          terminal.say(`${mappingPath(project.root, id)} ✓\n${terminal.words.next}: lakelift plan ${id}`);
        }
        process.exitCode = missing.length > 0 ? EXIT.itemsFailed : EXIT.ok;
      } finally {
        await platform.close();
      }
    });
}

function engineOf({ sourceEngine }: Platform): QueryEngine {
  if (sourceEngine !== undefined) return sourceEngine;
  throw new LakeliftError('Nothing here can read rows of the source', {
    kind: 'usage',
    code: 'SOURCE_ENGINE_MISSING',
    subject: 'lakelift.yaml',
    hint: 'Give source.hive.hiveServer2 or source.engine, or leave out --sample.',
  });
}
