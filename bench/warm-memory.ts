import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Linux' magic number of tmpfs (statfs(2)). */
const TMPFS = 0x01021994;
const SHARE_OF_FREE_MEMORY = 0.6;
/** Data, bucket and page caches of a run with the defaults. */
const MOST_BYTES = 10 * 2 ** 30;
const LARGE = Buffer.alloc(1020 * 1024, 1);
const SMALL = Buffer.alloc(4 * 1024, 1);

/**
 * Virtual machines hand free memory back to their host in blocks of 2 MiB and more (free page reporting), and get it anew at some 3 CPU s/GB, which
 * is more than any contender costs and falls on whoever writes next. This touches memory once and leaves it in pieces that are too small
 * to be handed back: pairs of files, of which the large ones are deleted. Returns how to end it; does nothing where `directory` is not in memory.
 */
export async function warmMemory(directory: string): Promise<() => Promise<void>> {
  if ((await statfs(directory)).type !== TMPFS) return () => Promise.resolve();
  const folder = await mkdtemp(join(directory, 'lakelift-bench-warm-'));
  const pairs = Math.floor(Math.min(freemem() * SHARE_OF_FREE_MEMORY, MOST_BYTES) / (LARGE.length + SMALL.length));
  console.error(`warming ${Math.round(pairs / 1024)} GiB of memory`);
  // One after the other: files written side by side would lie among each other, and the small ones not between the large.
  for (let pair = 0; pair < pairs; pair++) {
    await writeFile(join(folder, `large-${pair}`), LARGE);
    await writeFile(join(folder, `small-${pair}`), SMALL);
  }
  for (let pair = 0; pair < pairs; pair++) await rm(join(folder, `large-${pair}`));
  return () => rm(folder, { recursive: true, force: true });
}
