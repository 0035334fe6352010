import { closeSync, fstatSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import type { FileNode } from './nodes.ts';

export function readBlob(file: FileNode, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file.blob, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
  } finally {
    closeSync(descriptor);
  }
}

/** Zeros that take no disk: a file larger than the machine could hold. */
export interface Zeros {
  readonly zeroBytes: number;
}

export function writeZeros(path: string, { zeroBytes }: Zeros): number {
  writeFileSync(path, '');
  truncateSync(path, zeroBytes);
  return zeroBytes;
}

/** Returns how many bytes were written. */
export function writeBlob(path: string, chunks: Iterable<Uint8Array>, flag: 'w' | 'a' = 'w'): number {
  const descriptor = openSync(path, flag);
  try {
    const before = flag === 'a' ? fstatSync(descriptor).size : 0;
    for (const chunk of chunks) for (let done = 0; done < chunk.length;) done += writeSync(descriptor, chunk, done);
    return fstatSync(descriptor).size - before;
  } finally {
    closeSync(descriptor);
  }
}
