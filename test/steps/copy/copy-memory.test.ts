import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesOf, itemsOf, MIB, openLedger, openSandboxWorld, writePlan } from './copy-world.ts';

const FILE_MIB = 400;
/** What the child is told: four parts of 5 MiB in flight. */
const PARTS_MIB = 4 * 5;
/** Node with the SDK idles at 115; its young generation and chunks from the network come on top, whatever the file. */
const NODE_ITSELF_MIB = 150;

it('copies a large file in the memory of its parts in flight', async () => {
  const world = await openSandboxWorld({ dataPorts: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-memory-'));
  try {
    const mebibyte = bytesOf(MIB);
    const content = Array.from({ length: FILE_MIB }, () => mebibyte);
    world.fileSystem.writeFile(`${world.directory}/large`, content, { blockSizeBytes: 64 * MIB });
    const path = join(folder, 'ledger.sqlite');
    const ledger = openLedger(path);
    writePlan(ledger, await itemsOf(world));
    ledger.close();
    const script = join(import.meta.dirname, 'copy-run.child.ts');
    const child = spawn(process.execPath, [script, JSON.stringify(world.connections), path, 'run-1']);
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    child.stderr.pipe(process.stderr);
    await new Promise((resolve) => child.once('close', resolve));
    const peakMib = Number(/done (\d+)/.exec(text)?.[1]) / 1024;
    expect(peakMib).toBeGreaterThan(PARTS_MIB);
    expect(peakMib).toBeLessThan(PARTS_MIB + NODE_ITSELF_MIB);
  } finally {
    await world.close();
    rmSync(folder, { recursive: true });
  }
}, 120_000);
