import { isLakeliftError, isRetryable } from '../errors.ts';
import type { ServingTables } from '../ports/serving-tables.ts';
import type { SourceCatalog } from '../ports/source-catalog.ts';
import type { SourceEntry, SourceFileSystem } from '../ports/source-file-system.ts';
import type { StatisticsOwner, TargetCatalog } from '../ports/target-catalog.ts';
import type { TargetObjectStore } from '../ports/target-object-store.ts';
import type { Retry } from './retry.ts';

function entryPath(entry: SourceEntry): string {
  switch (entry.kind) {
    case 'file':
      return entry.file.path;
    case 'directory':
      return entry.directory.path;
    case 'symlink':
      return entry.symlink.path;
  }
}

export function retryingSource(port: SourceFileSystem, retry: Retry): SourceFileSystem {
  return {
    findEntry: (path, signal) => retry.call(path, signal, () => port.findEntry(path, signal)),
    findEntryAgain: (path, signal) => retry.call(path, signal, () => port.findEntryAgain(path, signal)),
    listDirectory: (path, signal) =>
      retry.stream(path, signal, { open: () => port.listDirectory(path, signal), keyOf: entryPath }),
    findAccess: (path, signal) => retry.call(path, signal, () => port.findAccess(path, signal)),
    getContentSummary: (path, signal) => retry.call(path, signal, () => port.getContentSummary(path, signal)),
    readRange: (file, range, target, signal) =>
      retry.call(file.path, signal, () => port.readRange(file, range, target, signal)),
    findChecksum: (path, signal) => retry.call(path, signal, () => port.findChecksum(path, signal)),
    listBlockSizes: (path, signal) => retry.call(path, signal, () => port.listBlockSizes(path, signal)),
  };
}

export function retryingStore(port: TargetObjectStore, retry: Retry): TargetObjectStore {
  return {
    checkBucket: (bucket, signal) => retry.call(bucket, signal, () => port.checkBucket(bucket, signal)),
    findObject: (address, signal) => retry.call(address.key, signal, () => port.findObject(address, signal)),
    listObjects: (bucket, prefix, signal) =>
      retry.stream(prefix, signal, {
        open: () => port.listObjects(bucket, prefix, signal),
        keyOf: ({ key }) => key,
      }),
    putObject: (request, signal) => retry.call(request.address.key, signal, () => port.putObject(request, signal)),
    createUpload: (address, metadata, signal) =>
      retry.call(address.key, signal, () => port.createUpload(address, metadata, signal)),
    uploadPart: (request, signal) => retry.call(request.address.key, signal, () => port.uploadPart(request, signal)),
    completeUpload: (request, signal) =>
      retry.call(request.address.key, signal, () => port.completeUpload(request, signal)),
    abortUpload: (address, uploadId, signal) =>
      retry.call(address.key, signal, () => port.abortUpload(address, uploadId, signal)),
    listUploads: (bucket, prefix, signal) =>
      retry.stream(prefix, signal, {
        open: () => port.listUploads(bucket, prefix, signal),
        keyOf: ({ key, uploadId }) => JSON.stringify([key, uploadId]),
      }),
    listParts: (address, uploadId, signal) =>
      retry.stream(address.key, signal, {
        open: () => port.listParts(address, uploadId, signal),
        keyOf: ({ partNumber }) => String(partNumber),
      }),
    readObject: (address, signal) => retry.call(address.key, signal, () => port.readObject(address, signal)),
    close: () => port.close(),
  };
}

/** Statistics are waited for less than the rest: queries give the same rows without them. */
const STATISTICS_PATIENCE_MS = 60_000;

export function retryingCatalog(port: TargetCatalog, retry: Retry): TargetCatalog {
  // A catalog that has no statistics answers as one in trouble: it is waited for once it has answered, or where it says that it would; and once for each trouble.
  let lately: 'unasked' | 'answered' | 'failed' = 'unasked';
  const isRepeated = (error: unknown) =>
    lately !== 'failed' && (isLakeliftError(error, 'throttled') || (lately === 'answered' && isRetryable(error)));
  const patience = retry.within(STATISTICS_PATIENCE_MS, isRepeated);
  const statistics = async <Result>(
    owner: StatisticsOwner,
    signal: AbortSignal | undefined,
    work: () => Promise<Result>,
  ) => {
    try {
      const result = await patience.call(owner.table.name, signal, work);
      lately = 'answered';
      return result;
    } catch (error) {
      if (isRetryable(error)) lately = 'failed';
      throw error;
    }
  };
  return {
    hasDatabase: (database, signal) => retry.call(database, signal, () => port.hasDatabase(database, signal)),
    createDatabase: (database, description, signal) =>
      retry.call(database, signal, () => port.createDatabase(database, description, signal)),
    findTable: (table, signal) => retry.call(table.name, signal, () => port.findTable(table, signal)),
    listTables: (database, signal) =>
      retry.stream(database, signal, { open: () => port.listTables(database, signal), keyOf: ({ name }) => name }),
    createTable: (table, signal) => retry.call(table.name, signal, () => port.createTable(table, signal)),
    updateTable: (table, version, signal) =>
      retry.call(table.name, signal, () => port.updateTable(table, version, signal)),
    // Not waited for: rows are read without it too, and catalogs that have no indexes answer as if they were in trouble.
    ensurePartitionIndex: (table, keys, signal) => port.ensurePartitionIndex(table, keys, signal),
    listPartitions: (table, signal) =>
      retry.stream(table.name, signal, {
        open: () => port.listPartitions(table, signal),
        keyOf: ({ values }) => JSON.stringify(values),
      }),
    createPartitions: (table, partitions, signal) =>
      retry.call(table.name, signal, () => port.createPartitions(table, partitions, signal)),
    updatePartitions: (table, partitions, signal) =>
      retry.call(table.name, signal, () => port.updatePartitions(table, partitions, signal)),
    findStatistics: (owner, columns, signal) =>
      statistics(owner, signal, () => port.findStatistics(owner, columns, signal)),
    putStatistics: (owner, values, signal) =>
      statistics(owner, signal, () => port.putStatistics(owner, values, signal)),
    close: () => port.close(),
  };
}

export function retryingSourceCatalog(port: SourceCatalog, retry: Retry): SourceCatalog {
  return {
    listDatabases: (signal) => retry.call('databases', signal, () => port.listDatabases(signal)),
    getDatabase: (name, signal) => retry.call(name, signal, () => port.getDatabase(name, signal)),
    listTables: (database, signal) => retry.call(database, signal, () => port.listTables(database, signal)),
    listTablesElsewhere: (database, signal) =>
      retry.call(database, signal, () => port.listTablesElsewhere(database, signal)),
    listFunctions: (database, signal) => retry.call(database, signal, () => port.listFunctions(database, signal)),
    findTable: (name, signal) => retry.call(name.table, signal, () => port.findTable(name, signal)),
    findConstraints: (table, signal) => retry.call(table.name.table, signal, () => port.findConstraints(table, signal)),
    findStatistics: (name, columns, signal) =>
      retry.call(name.table, signal, () => port.findStatistics(name, columns, signal)),
    findPartitionStatistics: (name, of, signal) =>
      retry.call(name.table, signal, () => port.findPartitionStatistics(name, of, signal)),
    findAnalysisTimes: (name, of, signal) =>
      retry.call(name.table, signal, () => port.findAnalysisTimes(name, of, signal)),
    listPartitionNames: (name, signal) => retry.call(name.table, signal, () => port.listPartitionNames(name, signal)),
    listPartitions: (table, signal) =>
      retry.stream(table.name.table, signal, {
        open: () => port.listPartitions(table, signal),
        keyOf: ({ values }) => values.join('\0'),
      }),
    findWriteState: (name, signal) => retry.call(name.table, signal, () => port.findWriteState(name, signal)),
    close: () => port.close(),
  };
}

export function retryingTables(port: ServingTables, retry: Retry): ServingTables {
  return {
    listTables: (prefix, signal) => retry.call(prefix, signal, () => port.listTables(prefix, signal)),
    findStatus: (table, signal) => retry.call(table, signal, () => port.findStatus(table, signal)),
    readPage: (table, from, signal) => retry.call(table, signal, () => port.readPage(table, from, signal)),
    deleteItem: (table, deletion, signal) => retry.call(table, signal, () => port.deleteItem(table, deletion, signal)),
    close: () => port.close(),
  };
}
