import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { LakeliftError } from '../errors.ts';
import { verifyEvidence, type EvidenceVerdict, type Trusted } from '../steps/evidence/verify-evidence.ts';
import { EXIT } from './exit-codes.ts';
import { terminalOf } from './session.ts';
import { paint, visible, type Terminal } from './terminal.ts';

interface VerifyOptions {
  readonly seal?: string;
  readonly signature?: string;
  readonly publicKey?: string;
}

export function verifyEvidenceCommand(): Command {
  return new Command('verify-evidence')
    .summary('check that an evidence pack is what was packed')
    .description(
      'Reads an archive written by "lakelift evidence" from its first byte to its last and names every entry that was changed, added or taken out. Needs nothing but the archive: no project, no cluster, no network. With --seal or --public-key it also finds a pack that was forged as a whole.',
    )
    .argument('<archive>', 'the .tar file')
    .option('--seal <sha256>', 'the seal that "lakelift evidence" printed')
    .option('--public-key <file>', 'public key (PEM) of whoever signed it')
    .option('--signature <file>', 'the signature; <archive>.sig unless given')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift verify-evidence evidence.tar\n  $ lakelift verify-evidence evidence.tar --public-key dsi.pub.pem --json\n\nExit codes: 0 genuine, 2 usage, 4 something was changed.',
    )
    .action(async (archive: string, options: VerifyOptions, command: Command) => {
      const terminal = terminalOf(command);
      if (!existsSync(archive)) throw missing(archive);
      const trusted = await trustedOf(archive, options);
      const verdict = await verifyEvidence(createReadStream(archive), trusted);
      const isSigned = trusted.signature !== undefined;
      if (terminal.isJson) terminal.printJson({ ...verdict, isSignatureChecked: isSigned });
      else print(terminal, verdict, isSigned);
      process.exitCode = verdict.isGenuine ? EXIT.ok : EXIT.differences;
    });
}

async function trustedOf(archive: string, { seal, signature, publicKey }: VerifyOptions): Promise<Trusted> {
  if (publicKey === undefined) {
    if (signature !== undefined)
      throw new LakeliftError('A signature proves nothing without the key of its author', {
        kind: 'usage',
        code: 'PUBLIC_KEY_MISSING',
        hint: 'Give --public-key, received from the author by another way than the archive.',
      });
    return { seal };
  }
  const file = signature ?? `${archive}.sig`;
  return { seal, signature: { bytes: await read(file), publicKey: (await read(publicKey)).toString('utf8') } };
}

async function read(file: string): Promise<Buffer> {
  if (!existsSync(file)) throw missing(file);
  return readFile(file);
}

function print(terminal: Terminal, { isGenuine, journal, faults }: EvidenceVerdict, isSigned: boolean): void {
  const { words } = terminal;
  for (const { entry, code, text } of faults)
    terminal.print(`${paint('red', '✗')} ${visible(entry)}: ${visible(text)} (${code})`);
  if (journal !== undefined) {
    const { useCase, runId, verdict, decision } = journal.subject;
    terminal.print(visible([useCase, runId, verdict, decision ?? words.notAccepted].join(' · ')));
    terminal.print(`${words.seal}: ${journal.seal}`);
  }
  if (!isGenuine) terminal.print(paint('red', words.notGenuine));
  else terminal.print(paint('green', isSigned ? words.genuineSigned : words.genuine));
}

function missing(file: string): LakeliftError {
  return new LakeliftError(`There is no file ${file}`, { kind: 'usage', code: 'FILE_MISSING', subject: file });
}
