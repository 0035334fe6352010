import { readFile, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { Command } from 'commander';
import { evidenceArchive, evidenceVault, nameMask, reportFolder, signer } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { mappingPath, parseMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { EvidenceSubject } from '../domain/evidence/journal.ts';
import type { RunId } from '../domain/names.ts';
import { LakeliftError } from '../errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import { decisionsOn, requireGenuineReport } from '../steps/accept/accept-report.ts';
import { packEvidence, type PackedEvidence } from '../steps/evidence/pack-evidence.ts';
import { evidenceFiles } from './evidence-files.ts';
import { acceptedFiles, readReport } from './read-report.ts';
import { withReadLedger } from './locked-ledger.ts';
import { notesTo, projectOf, terminalOf } from './session.ts';
import type { Terminal } from './terminal.ts';
import { noRun } from './use-case.ts';

interface EvidenceOptions {
  readonly output?: string;
  readonly signKey?: string;
  readonly signKms?: string;
}

export function evidenceCommand(): Command {
  return new Command('evidence')
    .summary('pack all that proves the last run into one archive')
    .description(
      'Packs report, acceptance record, plan, mapping, extract of the ledger, checksums and tool version into one archive, with a journal of SHA-256 digests, each line chained to the one before, so that "lakelift verify-evidence" finds any byte that was changed since. Signs the journal where a key is given, and copies the pack under S3 Object Lock where lakelift.yaml has reports.evidence.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('-o, --output <file>', 'where to write it; reports/<use-case>/<run-id>/evidence.tar unless given')
    .option(
      '--sign-key <file>',
      'private key (PEM: RSA, EC or Ed25519); its passphrase stands in LAKELIFT_SIGNING_PASSPHRASE',
    )
    .option('--sign-kms <key-id>', 'asymmetric key of AWS KMS')
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift evidence absences
  $ lakelift evidence absences --sign-key dsi.pem --json | jq -r .seal
  $ lakelift evidence absences --sign-kms alias/lakelift-evidence -o absences.tar

Keep the seal (the last digest of the chain) or the signature apart from the archive: whoever can rewrite all of an archive can rewrite its journal too.

Exit codes: 0 packed, 2 usage, 4 the report was altered, 7 not the latest report.`,
    )
    .action(async (id: string, options: EvidenceOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const { id: useCase } = await loadMigration(project.root, id);
      await withReadLedger({ project, useCase, progress: notesTo(terminal) }, async (ledger) => {
        const runId = ledger.listRuns()[0]?.runId;
        if (runId === undefined) throw noRun(useCase);
        const packed = await pack({ project, ledger, runId }, options.output);
        const signature = await sign(project, packed, options);
        const kept = await keepLocked({ project, ledger, runId }, [packed.place, ...signature]);
        print(terminal, { packed, signature, kept });
      });
    });
}

interface RunEvidence {
  readonly project: Project;
  readonly ledger: Ledger;
  readonly runId: RunId;
}

async function pack({ project, ledger, runId }: RunEvidence, output: string | undefined): Promise<PackedEvidence> {
  const { useCase } = ledger;
  const folder = reportFolder(project, useCase, runId);
  const genuine = await requireGenuineReport(ledger, { runId, folder, files: acceptedFiles });
  const report = await readReport(folder);
  const path = mappingPath(project.root, useCase);
  const mapping = await readFile(path, 'utf8');
  const mask = nameMask(project, parseMapping(mapping, useCase, path));
  let isMasked = false;
  const onMasked = (): void => void (isMasked = true);
  const decision = decisionsOn(ledger, runId).at(-1)?.decision;
  const subject = (): EvidenceSubject => ({
    useCase,
    runId,
    planHash: report.run.planHash,
    verdict: report.verdict,
    reportSha256: genuine.sha256,
    toolVersion: report.run.toolVersion,
    ...(decision === undefined ? {} : { decision }),
    isMasked,
  });
  const place =
    output === undefined
      ? join(folder.place, 'evidence.tar')
      : isAbsolute(output)
        ? output
        : join(project.root, output);
  return packEvidence(
    evidenceArchive(place),
    subject,
    evidenceFiles({ folder, ledger, runId, mapping, mask, onMasked }),
  );
}

/** The signature and the public key to check it with, beside the archive. */
async function sign(
  project: Project,
  packed: PackedEvidence,
  { signKey, signKms }: EvidenceOptions,
): Promise<string[]> {
  if (signKey === undefined && signKms === undefined) return [];
  if (signKey !== undefined && signKms !== undefined)
    throw new LakeliftError('A pack is signed with one key', {
      kind: 'usage',
      code: 'TWO_KEYS',
      hint: 'Give --sign-key or --sign-kms.',
    });
  const key = await signer(project, signKey !== undefined ? { file: signKey } : { kmsKeyId: signKms! });
  const files = [`${packed.place}.sig`, `${packed.place}.pub.pem`] as const;
  await writeFile(files[0], await key.sign(Buffer.from(packed.journal)));
  await writeFile(files[1], await key.publicKey());
  return [...files];
}

async function keepLocked(
  { project, ledger, runId }: RunEvidence,
  files: readonly string[],
): Promise<{ place: string; lockedUntil: string }[]> {
  const vault = evidenceVault(project, ledger.useCase, runId);
  if (vault === undefined) return [];
  try {
    const kept: { place: string; lockedUntil: string }[] = [];
    for (const file of files) kept.push(await vault.keep(file, basename(file)));
    return kept;
  } finally {
    vault.close();
  }
}

function print(
  terminal: Terminal,
  result: {
    packed: PackedEvidence;
    signature: readonly string[];
    kept: readonly { place: string; lockedUntil: string }[];
  },
): void {
  const { packed, signature, kept } = result;
  const { place, seal, entries } = packed;
  if (terminal.isJson) return terminal.printJson({ archive: place, seal, entries, signature, kept });
  for (const file of [place, ...signature]) terminal.print(file);
  for (const { place: locked, lockedUntil } of kept) terminal.print(`${locked}  🔒 ${lockedUntil}`);
  terminal.say(`${terminal.words.seal}: ${seal}`);
}
