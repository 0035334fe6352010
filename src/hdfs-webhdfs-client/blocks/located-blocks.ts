import { isRecord, list, member, number, text } from '../file-status.ts';
import { unexpectedAnswer } from '../name-node-router.ts';
import { decodeToken, type BlockToken } from './block-token.ts';

export interface LocatedBlock {
  /** Where it begins in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly poolId: string;
  readonly blockId: bigint;
  readonly generationStamp: bigint;
  readonly token: BlockToken;
  /** `host:port` of the DataNodes that hold it, nearest first. */
  readonly addresses: readonly string[];
}

export interface LocatedBlocks {
  readonly fileSizeBytes: number;
  readonly isUnderConstruction: boolean;
  /** Erasure-coded. undefined over WebHDFS, which does not say. */
  readonly isStriped?: boolean;
  readonly blocks: readonly LocatedBlock[];
}

/** Reads GET_BLOCK_LOCATIONS (JsonUtil.toJsonMap of LocatedBlocks). Blocks that HDFS knows to be corrupt have no address. */
export function locatedBlocks(json: unknown): LocatedBlocks {
  const located = member(json, 'LocatedBlocks');
  if (!isRecord(located)) throw unexpectedAnswer('GET_BLOCK_LOCATIONS');
  return {
    fileSizeBytes: number(located, 'fileLength'),
    isUnderConstruction: located['isUnderConstruction'] === true,
    blocks: list(located, 'locatedBlocks').map(locatedBlock),
  };
}

function locatedBlock(json: unknown): LocatedBlock {
  const block = member(json, 'block');
  const urlString = member(json, 'blockToken', 'urlString');
  if (!isRecord(json) || !isRecord(block) || typeof urlString !== 'string') throw unexpectedAnswer('LocatedBlock');
  return {
    offset: number(json, 'startOffset'),
    sizeBytes: number(block, 'numBytes'),
    poolId: text(block, 'blockPoolId') ?? '',
    blockId: exact(block['blockId']),
    generationStamp: exact(block['generationStamp']),
    token: decodeToken(urlString),
    addresses: json['isCorrupt'] === true ? [] : list(json, 'locations').flatMap(addressOf),
  };
}

/** By name where WebHDFS redirects by name too: in networks of several interfaces the name is what can be reached. */
function addressOf(node: unknown): string[] {
  if (!isRecord(node)) return [];
  const host = text(node, 'hostName') ?? text(node, 'ipAddr');
  const port = node['xferPort'];
  return host === undefined || typeof port !== 'number' ? [] : [`${host}:${port}`];
}

function exact(value: unknown): bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw unexpectedAnswer('LocatedBlock');
  return BigInt(value);
}
