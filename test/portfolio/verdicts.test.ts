import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, openScratchLedger, zoneTargets } from '../../src/compose.ts';
import { parseConfig, type Config } from '../../src/config/config.ts';
import { readMapping } from '../../src/config/mapping-file.ts';
import { listMigrations, loadMigration } from '../../src/config/migration-file.ts';
import { VERDICTS } from '../../src/domain/plan.ts';
import { drawPlan } from '../../src/draw-plan.ts';
import type { Platform } from '../../src/ports/platform.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** What each use case of the worked example holds besides what is simply copied, file by file and partition by partition. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  absences: [],
  'actuarial-mortality': [],
  'broker-commissions': ['refuse SOURCE_TABLE_NOT_FOUND'],
  'call-centre': [],
  churn: ['skip HIDDEN', 'skip MAPPING_SKIP', 'skip NOT_IN_A_PARTITION', 'skip TRANSIENT'],
  'claims-fraud': ['needs-decision STORAGE_HANDLER', 'skip NOT_IN_A_PARTITION', 'skip TRANSIENT'],
  'claims-handling': ['skip NOT_IN_A_PARTITION', 'skip TRANSIENT'],
  complaints: ['needs-decision VIEW_NOT_TRANSLATED'],
  'contracts-360': ['skip HIDDEN'],
  'customer-portal': [],
  disability: [],
  'document-archive': ['refuse UNFINISHED_UPLOAD'],
  'economic-scenarios': ['needs-decision LAKE_FORMAT'],
  'field-sales': [],
  'finance-ledger': ['needs-decision MATERIALIZED_VIEW'],
  fleet: [],
  'health-reimbursements': ['needs-decision ACID', 'skip HIDDEN', 'skip TRANSIENT'],
  'ifrs17-provisions': ['convert CONVERTED'],
  'kyc-aml': ['skip HIDDEN'],
  'life-savings': ['needs-decision PARTITION_OTHER_FORMAT'],
  'marketing-consent': ['convert CONVERTED'],
  'natural-catastrophes': ['refuse LIST_BUCKETING'],
  'partner-portal': ['needs-decision SERDE_UNSUPPORTED'],
  payroll: ['skip MAPPING_SKIP'],
  pensions: [],
  prevention: [],
  pricing: [],
  recoveries: ['refuse PARTITION_OFF_PATH'],
  reinsurance: ['needs-decision ENCODING'],
  'roadside-assistance': ['refuse LOCATION_OTHER_CLUSTER'],
  'supplier-invoices': [],
  telematics: [],
  underwriting: ['convert CONVERTED'],
  'web-analytics': ['needs-decision CODEC_UNSUPPORTED'],
};

const directory = mkdtempSync(join(tmpdir(), 'lakelift-portfolio-'));
let sandbox: Sandbox;
let config: Config;
let platform: Platform;

beforeAll(async () => {
  sandbox = await startSandbox({ directory, lake: 'whole' });
  for (const [name, value] of Object.entries(sandbox.environment)) process.env[name] = value;
  const { source, ...rest } = sandbox.configuration;
  // As on a cluster that has one, on UTC: a plan asks it for nothing else.
  const hiveServer2 = { host: '127.0.0.1', port: 10000 };
  const staging = { database: 'lakelift_staging', folder: '/tmp/lakelift' };
  config = parseConfig({ ...rest, source: { ...source, hive: { ...source.hive, hiveServer2, staging } } });
  const connected = await connect({ root: REPOSITORY, config }, () => undefined);
  const exporter = Object.assign(connected.exporter!, { keepsWallTime: () => Promise.resolve(true) });
  platform = { ...connected, exporter };
}, 120_000);

afterAll(async () => {
  await platform.close();
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

/** `verdict CODE`, each once, of every item that is not copied; and the number of those that are. */
async function planOf(id: string): Promise<{ readonly exceptions: string[]; readonly copied: number }> {
  const migration = await loadMigration(REPOSITORY, id);
  const ledger = openScratchLedger(migration.id);
  try {
    const { signal } = new AbortController();
    const zones = zoneTargets(config);
    const clusterAuthorities = config.source.hdfs.authorities;
    const mapping = await readMapping(REPOSITORY, id);
    const request = { migration, mapping, zones, clusterAuthorities, platform, progress: () => undefined, signal };
    const { totals } = await drawPlan(request, ledger);
    const found = VERDICTS.filter((verdict) => verdict !== 'copy').flatMap((verdict) =>
      [...ledger.listItems({ verdict })].map(({ reason }) => `${verdict} ${reason?.code}`),
    );
    const copied = Object.values(totals).reduce((sum, { copy }) => sum + (copy?.count ?? 0), 0);
    return { exceptions: [...new Set(found)].sort(), copied };
  } finally {
    ledger.close();
  }
}

describe('the use cases of the worked example', () => {
  it('are more than thirty, and all named below', async () => {
    const ids = await listMigrations(REPOSITORY);
    expect(ids).toEqual(Object.keys(EXPECTED));
    expect(ids.length).toBeGreaterThanOrEqual(32);
  });

  it('show every verdict between them', () => {
    const verdicts = new Set(Object.values(EXPECTED).flatMap((all) => all.map((text) => text.split(' ')[0])));
    expect(verdicts).toEqual(new Set(['convert', 'skip', 'refuse', 'needs-decision']));
  });

  it.each(Object.entries(EXPECTED))('%s is planned as its mapping says', async (id, expected) => {
    const { exceptions, copied } = await planOf(id);
    expect(exceptions).toEqual(expected);
    // The scenarios are one Iceberg table and wait for a decision as a whole.
    expect(copied > 0).toBe(id !== 'economic-scenarios');
  });
});

describe('personal data of the worked example', () => {
  it.each(Object.keys(EXPECTED))('%s leaves no column without a class', async (id) => {
    const { tables } = await readMapping(REPOSITORY, id);
    const open = Object.entries(tables).flatMap(([name, { columns }]) =>
      Object.entries(columns).flatMap(([column, { class: one }]) =>
        one === 'unclassified' ? [`${name}.${column}`] : [],
      ),
    );
    expect(open).toEqual([]);
  });
});
