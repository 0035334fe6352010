import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import type { Mapping } from '../domain/mapping.ts';
import { conversionGap } from '../domain/rules/converted-table.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import type { Platform } from '../ports/platform.ts';
import type { Check } from '../steps/doctor.ts';

/** What conversions need of the cluster, where a mapping of the project asks for any. */
export async function conversionChecks({ root }: Project, platform: Platform): Promise<Check[]> {
  const useCases = await convertingUseCases(root);
  if (useCases.length === 0) return [];
  return [
    { name: 'HiveServer2 for conversions', run: (signal) => checkHiveServer2(platform, useCases, signal) },
    { name: 'staging folder', run: (signal) => checkStaging(platform, signal) },
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

async function checkHiveServer2(
  { sourceEngine, exporter }: Platform,
  useCases: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const gap = conversionGap({ hasHiveServer2: sourceEngine !== undefined, hasStaging: exporter !== undefined });
  if (gap !== undefined) {
    const { code, hint } = gap;
    const message = `${useCases.join(', ')}: ${gap.text}`;
    throw new LakeliftError(message, { kind: 'usage', code, ...(hint === undefined ? {} : { hint }) });
  }
  const databases = await sourceEngine!.query('SHOW DATABASES', signal);
  return `answers (${databases.length} databases); converts tables of ${useCases.join(', ')}`;
}

/** The first conversion makes folder and database; what stands there already must be what it would make. */
async function checkStaging({ exporter, source, catalog }: Platform, signal: AbortSignal): Promise<string> {
  if (exporter === undefined) return 'none is configured';
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
  const state = (exists: boolean): string => (exists ? 'exists' : 'is made by the first conversion');
  return `${folder} ${state(entry !== undefined)}; database ${database} ${state(hasDatabase)}`;
}
