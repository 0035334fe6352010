import { s3Key, type UseCaseId } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { auditFolder } from '../../domain/privacy/dataset-folder.ts';
import { executionOutcomes, type ExecutionOutcome } from '../../domain/privacy/execution-record.ts';
import { functionCalls, type FunctionCall } from '../../domain/privacy/function-figures.ts';
import type { ListedObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';

export interface AuditPlace {
  readonly useCase: UseCaseId;
  /** Raw. */
  readonly zone: ZoneTarget;
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'readObject'>;
  readonly signal: AbortSignal;
}

/** What executions have left, by dataset. */
export interface Audit {
  /** Of the last execution on record. */
  readonly outcomes: ReadonlyMap<string, ExecutionOutcome>;
  readonly calls: ReadonlyMap<string, readonly FunctionCall[]>;
}

/** Beside records of executions: that `serve` runs (serving-mark.ts). */
const NO_RECORDS: ReadonlySet<string> = new Set(['serving.json']);
/** As Step Functions names results of a distributed map, below a folder for each map: `files/salaries/<id>/SUCCEEDED_0.json`. */
const RESULTS = /^files\/([^/]+)\/[^/]+\/(?:SUCCEEDED|FAILED)_\d+\.json$/;

/** Reads the record of the last execution and the results of all distributed maps. Memory grows with the calls that are on record. */
export async function readAudit(place: AuditPlace): Promise<Audit> {
  const { useCase, zone, store, signal } = place;
  const folder = `${joinKey(zone.prefix, auditFolder(useCase))}/`;
  const calls = new Map<string, FunctionCall[]>();
  let last: ListedObject | undefined;
  for await (const object of store.listObjects(zone.bucket, folder, signal)) {
    const name = object.key.slice(folder.length);
    if (isRecord(name) && isLater(object, last)) last = object;
    const dataset = RESULTS.exec(name)?.[1];
    if (dataset === undefined) continue;
    const found = functionCalls(await read(place, object.key));
    calls.set(dataset, [...(calls.get(dataset) ?? []), ...found]);
  }
  return { outcomes: last === undefined ? new Map() : executionOutcomes(await read(place, last.key)), calls };
}

function isRecord(name: string): boolean {
  return name.endsWith('.json') && !name.includes('/') && !NO_RECORDS.has(name);
}

function isLater({ modifiedAtMs = 0 }: ListedObject, than: ListedObject | undefined): boolean {
  return than === undefined || modifiedAtMs >= (than.modifiedAtMs ?? 0);
}

async function read({ store, zone, signal }: AuditPlace, key: string): Promise<string> {
  const pieces = await Array.fromAsync(await store.readObject({ bucket: zone.bucket, key: s3Key(key) }, signal));
  return Buffer.concat(pieces).toString('utf8');
}
