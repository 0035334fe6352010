import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { connect } from '../compose.ts';
import { portfolioSink } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { mappingPath, readMapping } from '../config/mapping-file.ts';
import { listMigrations, loadMigration } from '../config/migration-file.ts';
import type { Assessment } from '../domain/assessment/assessment.ts';
import { DAYS_PER_WAVE } from '../domain/assessment/rank-use-cases.ts';
import { renderAssessmentCsv } from '../report/assessment-csv.ts';
import { renderAssessment } from '../report/assessment-page.ts';
import { ASSESSMENT_WORDS } from '../report/assessment-words.ts';
import { formatBytes, formatCount } from '../report/quantities.ts';
import { ASSESSMENT_FILES } from '../report/report-files.ts';
import { visibleJson } from '../report/visible-text.ts';
import { assessCluster, type UsageSource } from '../steps/assess/assess-cluster.ts';
import { imageUsage } from '../steps/assess/image-usage.ts';
import { liveUsage } from '../steps/assess/live-usage.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { paint, table, visible, type Terminal } from './terminal.ts';
import { textLines } from './text-lines.ts';
import { toolVersion } from './version.ts';

interface AssessOptions {
  readonly image?: string;
  readonly delimiter: string;
  readonly daysPerWave: number;
}

export function assessCommand(): Command {
  return new Command('assess')
    .summary('take stock of the whole cluster: findings, dependencies, quick wins, waves')
    .description(
      'Reads every table definition of the metastore, and sizes from an image of the NameNode or from the NameNode itself; opens no file. Writes reports/assessment.html, .json and .csv.',
    )
    .option(
      '--image <file>',
      'output of "hdfs oiv -p Delimited": sizes, small files and last use without asking the NameNode',
    )
    .option('--delimiter <text>', 'what parts its fields', '\t')
    .option('--days-per-wave <days>', 'person-days of one proposed wave', positive, DAYS_PER_WAVE)
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift assess
  $ hdfs dfsadmin -fetchImage . && hdfs oiv -p Delimited -i fsimage_* -o image.tsv   # on the cluster
  $ lakelift assess --image image.tsv --lang fr
  $ lakelift assess --json | jq '.useCases[:5][] | {id, effortDays, reasons}'`,
    )
    .action(async (options: AssessOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const assessment = await draw(terminal, project, options);
      const places = await write(project, assessment, terminal);
      if (terminal.isJson) terminal.printJson(assessment);
      else printAssessment(terminal, assessment, places);
      process.exitCode = EXIT.ok;
    });
}

async function draw(terminal: Terminal, project: Project, options: AssessOptions): Promise<Assessment> {
  const platform = await connect(project, () => undefined);
  try {
    const ids = await listMigrations(project.root);
    const migrations = await Promise.all(ids.map((id) => loadMigration(project.root, id)));
    const mapped = ids.filter((id) => existsSync(mappingPath(project.root, id)));
    const mappings = await Promise.all(mapped.map((id) => readMapping(project.root, id)));
    const usage: UsageSource =
      options.image === undefined
        ? liveUsage(platform.source)
        : imageUsage(textLines(options.image), { file: options.image, delimiter: options.delimiter });
    return await interruptible(terminal, (signal) =>
      assessCluster({
        catalog: platform.catalog,
        usage,
        migrations,
        mappings,
        daysPerWave: options.daysPerWave,
        clusterAuthorities: project.config.source.hdfs.authorities,
        nowMs: Date.now(),
        progress: () => undefined,
        signal,
      }),
    );
  } finally {
    await platform.close();
  }
}

async function write(project: Project, assessment: Assessment, { language }: Terminal): Promise<string[]> {
  const sink = portfolioSink(project);
  return [
    await sink.write(ASSESSMENT_FILES.page, renderAssessment(assessment, language, toolVersion())),
    await sink.write(ASSESSMENT_FILES.json, `${visibleJson(assessment, 2)}\n`),
    await sink.write(ASSESSMENT_FILES.items, renderAssessmentCsv(assessment.items)),
  ];
}

const SHOWN = 20;

function printAssessment(terminal: Terminal, { totals, useCases, items }: Assessment, places: readonly string[]): void {
  const { language } = terminal;
  const words = ASSESSMENT_WORDS[language];
  const size = formatBytes(totals.sizeBytes, language);
  terminal.print(paint('bold', words.headline(formatCount(totals.tables + totals.views, language), size)));
  if (useCases.length > 0) {
    const { head } = words;
    const rows = useCases.map(({ rank, id, proposedWave, effortDays, usage, reasons }) => [
      String(rank),
      id,
      String(proposedWave),
      words.days(String(effortDays)),
      formatBytes(usage.sizeBytes, language),
      reasons.map((reason) => words.reasons[reason]).join(', '),
    ]);
    const columns = [head.rank, head.useCase, head.wave, head.effort, head.size, head.why];
    terminal.print('');
    for (const line of table(columns, rows, new Set([0, 2, 3, 4]))) terminal.print(line);
  }
  const serious = items.flatMap(({ name, findings }) =>
    findings
      .filter(({ severity }) => severity === 'blocking' || severity === 'decision')
      .map((one) => ({ name, ...one })),
  );
  terminal.print('');
  for (const { severity, name, text } of serious.slice(0, SHOWN))
    terminal.print(
      `${paint(severity === 'blocking' ? 'red' : 'yellow', words.severities[severity])}  ${visible(name)}: ${visible(text)}`,
    );
  if (serious.length > SHOWN) terminal.print(words.andMore(formatCount(serious.length - SHOWN, language)));
  for (const place of places) terminal.print(place);
}

function positive(text: string): number {
  const days = Number(text);
  if (days > 0) return days;
  throw new InvalidArgumentError('must be a number above 0');
}
