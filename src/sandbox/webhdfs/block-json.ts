import { blockIdOf } from './data-ports.ts';
import type { FileNode } from './nodes.ts';

const HOST = '127.0.0.1';
const TRANSFER_PORT = 9866;
/** A DataNode whose data port is not told cannot be read from. */
const HOLDER = { hostName: HOST, ipAddr: HOST };

/** Answer to GETFILEBLOCKLOCATIONS. */
export function blockLocationsJson(file: FileNode): unknown {
  const BlockLocation = blocksOf(file).map(({ offset, length }) => ({
    topologyPaths: [`/default-rack/${HOST}:${TRANSFER_PORT}`],
    corrupt: false,
    cachedHosts: [],
    names: [`${HOST}:${TRANSFER_PORT}`],
    offset,
    hosts: [HOST],
    length,
    storageTypes: ['DISK'],
  }));
  return { BlockLocations: { BlockLocation } };
}

/** Answer to GET_BLOCK_LOCATIONS, the older and private operation: the blocks that a range touches, and the ports where they can be read, if any. */
export function locatedBlocksJson(
  file: FileNode,
  ports: readonly number[],
  range: { readonly offset: number; readonly length: number },
): unknown {
  const all = blocksOf(file).map(({ offset, length }, index) => ({
    block: { blockId: blockIdOf(file, index), blockPoolId: 'BP-1', generationStamp: 1001, numBytes: length },
    blockToken: { urlString: 'AAAAAA' },
    cachedLocations: [],
    isCorrupt: false,
    locations: ports.length === 0 ? [HOLDER] : ports.map((xferPort) => ({ ...HOLDER, xferPort })),
    startOffset: offset,
    storageTypes: ['DISK'],
  }));
  const locatedBlocks = all.filter(
    ({ startOffset, block }) =>
      startOffset < range.offset + range.length && startOffset + block.numBytes > range.offset,
  );
  const isUnderConstruction = file.flags.isUnderConstruction === true;
  return {
    LocatedBlocks: {
      fileLength: file.sizeBytes,
      isLastBlockComplete: !isUnderConstruction,
      isUnderConstruction,
      lastLocatedBlock: all.at(-1) ?? null,
      locatedBlocks,
    },
  };
}

function blocksOf(file: FileNode): { readonly offset: number; readonly length: number }[] {
  let end = 0;
  return file.blockSizes.map((length) => ({ offset: (end += length) - length, length }));
}
