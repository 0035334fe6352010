import { readFileSync } from 'node:fs';
import type { HiveServer2Options } from './adapters/hiveserver2/hiveserver2-connection.ts';
import type { Config } from './config/config.ts';
import { hdfsPath } from './domain/names.ts';
import { LakeliftError } from './errors.ts';
import type { DatasetEngine } from './ports/dataset-engine.ts';
import type { DsnScratch, DsnTables } from './ports/dsn-tables.ts';
import type { Platform } from './ports/platform.ts';
import type { QueryEngine } from './ports/query-engine.ts';
import type { SourceCatalog } from './ports/source-catalog.ts';
import type { SourceExporter } from './ports/source-exporter.ts';

// The part of compose.ts that knows the catalogs and engines of which a project has one or none. Each is loaded where it is configured: all of them together
// were a quarter of the time in which a command starts.

export async function sourceCatalog({ source: { hive, hdfs } }: Config): Promise<SourceCatalog> {
  if (hive.metastore.length > 0) {
    const { HiveMetastoreCatalog } = await import('./adapters/hive-metastore/hive-metastore-catalog.ts');
    return new HiveMetastoreCatalog({ addresses: hive.metastore, user: hdfs.user });
  }
  const { HiveServer2Catalog } = await import('./adapters/hiveserver2/hiveserver2-catalog.ts');
  return new HiveServer2Catalog(hiveServer2Options(hive.hiveServer2!));
}

export async function sourceExporter({ source: { hive } }: Config): Promise<SourceExporter | undefined> {
  if (hive.hiveServer2 === undefined || hive.staging === undefined) return undefined;
  const { HiveServer2Exporter } = await import('./adapters/hiveserver2/hiveserver2-exporter.ts');
  const { database, folder } = hive.staging;
  return new HiveServer2Exporter(hiveServer2Options(hive.hiveServer2), { database, folder: hdfsPath(folder) });
}

export async function sourceEngine(
  { source: { hive, engine } }: Config,
  { catalog, source }: Pick<Platform, 'catalog' | 'source'>,
): Promise<QueryEngine | undefined> {
  if (hive.hiveServer2 !== undefined) {
    const { HiveServer2Engine } = await import('./adapters/hiveserver2/hiveserver2-engine.ts');
    return new HiveServer2Engine(hiveServer2Options(hive.hiveServer2));
  }
  if (engine === undefined) return undefined;
  const { SourceLake } = await import('./adapters/duckdb/source-lake.ts');
  const { DuckDbEngine } = await import('./adapters/duckdb/duckdb-engine.ts');
  return new DuckDbEngine(new SourceLake(catalog, source));
}

export async function targetEngine(
  { target: { engine, region } }: Config,
  place: Pick<Platform, 'targetCatalog' | 'store'>,
): Promise<QueryEngine | undefined> {
  switch (engine?.kind) {
    case undefined:
      return undefined;
    case 'duckdb':
      return duckDbAtTarget(place);
    case 'trino': {
      const { TrinoEngine } = await import('./adapters/trino/trino-engine.ts');
      return new TrinoEngine({ url: engine.url, user: engine.user, catalog: engine.catalog });
    }
    case 'athena': {
      const { AthenaEngine } = await import('./adapters/athena/athena-engine.ts');
      const { workgroup, catalog, outputLocation } = engine;
      return new AthenaEngine({ region, workgroup, catalog, outputLocation });
    }
  }
}

/** Makes datasets of what stands at the target, on this machine. */
export async function datasetEngine({ targetCatalog, store }: Platform): Promise<DatasetEngine> {
  const { TargetLake } = await import('./adapters/duckdb/target-lake.ts');
  const { DuckDbDatasetEngine } = await import('./adapters/duckdb/duckdb-dataset-engine.ts');
  return new DuckDbDatasetEngine(new TargetLake(targetCatalog, store));
}

/** Reads datasets for an application; on this machine where no engine of the target is configured. */
export async function servingEngine(platform: Platform): Promise<QueryEngine> {
  return platform.targetEngine ?? duckDbAtTarget(platform);
}

/** Tables of DSN files in a folder of this machine. */
export async function dsnTables(directory: string): Promise<DsnTables> {
  const { DirectoryDsnTables } = await import('./adapters/directory/directory-dsn-tables.ts');
  return new DirectoryDsnTables(directory);
}

/** The same for as long as a build takes. */
export async function dsnScratch(): Promise<DsnScratch> {
  const { DirectoryDsnScratch } = await import('./adapters/directory/directory-dsn-scratch.ts');
  return DirectoryDsnScratch.make();
}

async function duckDbAtTarget({
  targetCatalog,
  store,
}: Pick<Platform, 'targetCatalog' | 'store'>): Promise<QueryEngine> {
  const { TargetLake } = await import('./adapters/duckdb/target-lake.ts');
  const { DuckDbEngine } = await import('./adapters/duckdb/duckdb-engine.ts');
  return new DuckDbEngine(new TargetLake(targetCatalog, store));
}

function hiveServer2Options(settings: NonNullable<Config['source']['hive']['hiveServer2']>): HiveServer2Options {
  const { host, port, user, passwordEnvironment, isTls, caFile } = settings;
  const password = passwordEnvironment === undefined ? undefined : process.env[passwordEnvironment];
  if (passwordEnvironment !== undefined && password === undefined) {
    const hint = `Set ${passwordEnvironment}, or take passwordEnvironment out of lakelift.yaml.`;
    throw new LakeliftError(`The environment variable ${passwordEnvironment} is not set`, {
      kind: 'usage',
      code: 'SECRET_MISSING',
      subject: passwordEnvironment,
      hint,
    });
  }
  const tls = isTls ? { ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') } : undefined;
  return { host, port, user, password, tls };
}
