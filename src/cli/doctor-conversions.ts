import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import type { Mapping } from '../domain/mapping.ts';
import { conversionGap } from '../domain/rules/converted-table.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import type { Platform } from '../ports/platform.ts';
import type { Check } from '../steps/doctor.ts';
import type { DoctorWords } from './doctor-words.ts';

/** What conversions need of the cluster, where a mapping of the project asks for any. */
export async function conversionChecks({ root }: Project, platform: Platform, words: DoctorWords): Promise<Check[]> {
  const useCases = await convertingUseCases(root);
  if (useCases.length === 0) return [];
  return [
    {
      name: words.hiveServer2,
      run: async (signal) => words.converts(await checkHiveServer2(platform, useCases, signal), useCases.join(', ')),
    },
    { name: words.staging, run: (signal) => checkStaging(platform, words, signal) },
  ];
}

async function convertingUseCases(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'mappings')).catch(() => []);
  const useCases = names.filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
  const converting = await Promise.all(useCases.map(async (id) => ((await converts(root, id)) ? [id] : [])));
  return converting.flat().sort();
}

/** A mapping that cannot be read is named by the commands that read it. */
async function converts(root: string, useCase: string): Promise<boolean> {
  try {
    const { tables }: Mapping = await readMapping(root, useCase);
    return Object.values(tables).some(({ storage, skip }) => storage === 'convert' && skip === undefined);
  } catch (error) {
    if (isLakeliftError(error)) return false;
    throw error;
  }
}

/** How many databases it shows. */
async function checkHiveServer2(
  { sourceEngine, exporter }: Platform,
  useCases: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const gap = conversionGap({ hasHiveServer2: sourceEngine !== undefined, hasStaging: exporter !== undefined });
  if (gap !== undefined) {
    const { code, hint } = gap;
    const message = `${useCases.join(', ')}: ${gap.text}`;
    throw new LakeliftError(message, { kind: 'usage', code, ...(hint === undefined ? {} : { hint }) });
  }
  return (await sourceEngine!.query('SHOW DATABASES', signal)).length;
}

/** The first conversion makes folder and database; what stands there already must be what it would make. */
async function checkStaging(
  { exporter, source, catalog }: Platform,
  words: DoctorWords,
  signal: AbortSignal,
): Promise<string> {
  if (exporter === undefined) return words.noStaging;
  const { folder, database } = exporter.staging;
  const entry = await source.findEntry(folder, signal);
  if (entry !== undefined && entry.kind !== 'directory')
    throw new LakeliftError(`${folder} is no folder`, {
      kind: 'usage',
      code: 'STAGING_FOLDER',
      subject: folder,
      hint: 'Name a folder of its own under source.hive.staging.folder.',
    });
  const hasDatabase = (await catalog.listDatabases(signal)).includes(database);
  return words.stagingAt({ name: folder, exists: entry !== undefined }, { name: database, exists: hasDatabase });
}
