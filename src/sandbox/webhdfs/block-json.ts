import type { FileNode } from './nodes.ts';

const HOST = '127.0.0.1';
const TRANSFER_PORT = 9866;

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

/** Answer to GET_BLOCK_LOCATIONS, the older and private operation. */
export function locatedBlocksJson(file: FileNode): unknown {
  const locatedBlocks = blocksOf(file).map(({ offset, length }, index) => ({
    block: { blockId: file.fileId * 1000 + index, blockPoolId: 'BP-1', generationStamp: 1001, numBytes: length },
    blockToken: { urlString: 'AAAAAA' },
    cachedLocations: [],
    isCorrupt: false,
    locations: [{ hostName: HOST, ipAddr: HOST, name: `${HOST}:${TRANSFER_PORT}`, xferPort: TRANSFER_PORT }],
    startOffset: offset,
    storageTypes: ['DISK'],
  }));
  const isUnderConstruction = file.flags.isUnderConstruction === true;
  return {
    LocatedBlocks: {
      fileLength: file.sizeBytes,
      isLastBlockComplete: !isUnderConstruction,
      isUnderConstruction,
      lastLocatedBlock: locatedBlocks.at(-1) ?? null,
      locatedBlocks,
    },
  };
}

function blocksOf(file: FileNode): { readonly offset: number; readonly length: number }[] {
  let end = 0;
  return file.blockSizes.map((length) => ({ offset: (end += length) - length, length }));
}
