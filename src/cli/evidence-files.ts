import packageJson from '../../package.json' with { type: 'json' };
import type { RunId } from '../domain/names.ts';
import type { NameMask } from '../domain/personal-names.ts';
import type { PlanItem } from '../domain/plan.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ReportFolder } from '../ports/report-folder.ts';
import { csvText } from '../report/items-csv.ts';
import { ACCEPTANCE_FILES, PRIVACY_FILES, REPORT_FILES } from '../report/report-files.ts';
import { visibleJson } from '../report/visible-text.ts';
import type { EvidenceFile } from '../steps/evidence/pack-evidence.ts';
import { maskSettled } from '../steps/report/masked-report.ts';

export interface EvidenceInput {
  readonly folder: ReportFolder;
  readonly ledger: Ledger;
  readonly runId: RunId;
  /** Text of the mapping file. */
  readonly mapping: string;
  readonly mask: NameMask;
  /** Called when a name of the plan had to be masked. */
  readonly onMasked: () => void;
}

/** Lists that grow with the number of files: compressed in the archive. */
const LISTS: ReadonlySet<string> = new Set([REPORT_FILES.items, REPORT_FILES.findings, REPORT_FILES.lineage]);

const NAMES = [
  ...Object.values(REPORT_FILES),
  ...Object.values(ACCEPTANCE_FILES),
  ...Object.values(PRIVACY_FILES),
  ...['report.pdf', 'acceptance.pdf'],
];

/** Everything that shows what was decided, done and proven in a run, in a fixed order. */
export function* evidenceFiles(input: EvidenceInput): Generator<EvidenceFile> {
  const { folder, ledger, mapping } = input;
  yield { name: 'README.txt', content: [README] };
  yield { name: 'tool.json', content: [json(tool())] };
  for (const name of NAMES)
    if (folder.has(name)) yield { name: `report/${name}`, content: folder.open(name), isList: LISTS.has(name) };
  yield { name: `mapping/${ledger.useCase}.yaml`, content: [mapping] };
  yield { name: 'plan/plan.json', content: [json(ledger.findPlan())] };
  yield { name: 'plan/items.jsonl', content: planLines(input), isList: true };
  yield { name: 'ledger/runs.json', content: [json(ledger.listRuns())] };
  yield { name: 'ledger/outcomes.jsonl', content: outcomeLines(input), isList: true };
  yield { name: 'checksums/objects.csv', content: checksumLines(input), isList: true };
}

function* planLines({ ledger, mask, onMasked }: EvidenceInput): Generator<string> {
  for (const item of ledger.listItems({})) {
    const line = visibleJson(item);
    const shown = visibleJson(mask.value<PlanItem>(item));
    if (shown !== line) onMasked();
    yield `${shown}\n`;
  }
}

function* outcomeLines({ ledger, runId, mask }: EvidenceInput): Generator<string> {
  for (const { item, outcome } of maskSettled(ledger.listOutcomes(runId, {}), mask))
    yield `${visibleJson({ itemId: item.id, ...outcome })}\n`;
}

/** To be held against a listing of the buckets, years later. */
function* checksumLines({ ledger, runId, mask }: EvidenceInput): Generator<string> {
  yield 'bucket,key,size_bytes,crc32c,source_checksum,proof\r\n';
  for (const { item, outcome } of maskSettled(ledger.listOutcomes(runId, { kind: 'file' }), mask)) {
    if (item.kind !== 'file' || outcome?.crc32c === undefined) continue;
    const { target, source } = item;
    const { crc32c, sourceChecksum, proof = '' } = outcome;
    const cells = [
      csvText(target.bucket),
      csvText(target.key),
      source.sizeBytes,
      crc32c,
      csvText(sourceChecksum),
      proof,
    ];
    yield `${cells.join(',')}\r\n`;
  }
}

function tool(): unknown {
  const { name, version, dependencies } = packageJson;
  return { name, version, node: process.version, platform: `${process.platform} ${process.arch}`, dependencies };
}

function json(value: unknown): string {
  return `${visibleJson(value, 2)}\n`;
}

const README = `Evidence of a migration by lakelift.

report/       the report as it was written, its lists, the privacy report, and the acceptance record
mapping/      the reviewed decisions
plan/         every item of the plan
ledger/       what became of every item, and every run so far
checksums/    each object with its checksums
journal.jsonl every file above with its SHA-256; each line holds the SHA-256 of the line before

Check everything:     lakelift verify-evidence <archive>
Check one file:       sha256sum <file>, and compare with its line in journal.jsonl
Check the signature:  openssl dgst -sha256 -verify <public key> -signature <archive>.sig journal.jsonl   (RSA, EC)

Preuves d'une migration par lakelift.

report/       le rapport tel qu'il a été écrit, ses listes, le rapport de protection des données et le procès-verbal de recette
mapping/      les décisions relues
plan/         chaque élément du plan
ledger/       ce qu'il est advenu de chaque élément, et toutes les exécutions
checksums/    chaque objet et ses sommes de contrôle
journal.jsonl chaque fichier ci-dessus et son empreinte SHA-256 ; chaque ligne porte l'empreinte de la ligne qui précède

Tout contrôler :          lakelift verify-evidence <archive>
Contrôler un fichier :    sha256sum <fichier>, à comparer avec sa ligne dans journal.jsonl
Contrôler la signature :  openssl dgst -sha256 -verify <clé publique> -signature <archive>.sig journal.jsonl   (RSA, EC)
`;
