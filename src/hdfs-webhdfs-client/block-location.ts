import { isRecord, list, member, number, text } from './file-status.ts';
import { unexpectedAnswer } from './name-node-router.ts';

export interface BlockLocation {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly hosts: readonly string[];
  readonly isCorrupt: boolean;
}

/** One entry of GETFILEBLOCKLOCATIONS. */
export function publicBlock(json: unknown): BlockLocation {
  if (!isRecord(json)) throw unexpectedAnswer('BlockLocation');
  return {
    offset: number(json, 'offset'),
    sizeBytes: number(json, 'length'),
    hosts: list(json, 'hosts').map(String),
    isCorrupt: json['corrupt'] === true,
  };
}

/** One entry of GET_BLOCK_LOCATIONS. */
export function privateBlock(json: unknown): BlockLocation {
  const block = member(json, 'block');
  if (!isRecord(json) || !isRecord(block)) throw unexpectedAnswer('LocatedBlock');
  const hosts = list(json, 'locations').map((node) => (isRecord(node) ? (text(node, 'hostName') ?? '') : ''));
  return {
    offset: number(json, 'startOffset'),
    sizeBytes: number(block, 'numBytes'),
    hosts,
    isCorrupt: json['isCorrupt'] === true,
  };
}
