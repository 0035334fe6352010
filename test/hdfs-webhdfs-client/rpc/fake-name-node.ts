import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { decodeVarint, delimited, encodeMessage, Message } from '../../../src/hdfs-webhdfs-client/blocks/protobuf.ts';

export interface Call {
  readonly callId: number;
  readonly method: string;
  readonly path: string;
  /** All that stand in the message, the first included. */
  readonly paths: readonly string[];
}

export interface FakeNameNode {
  readonly address: string;
  /** Everything asked, in order; connections that greeted. */
  readonly calls: Call[];
  readonly counts: { connections: number };
  readonly close: () => void;
}

/** A NameNode's RPC port that answers as `onCall` says: with a message, a refusal, raw bytes, or not at all. */
export async function startFakeNameNode(
  onCall: (call: Call, socket: Socket) => Buffer | undefined,
): Promise<FakeNameNode> {
  const calls: Call[] = [];
  const counts = { connections: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    counts.connections++;
    sockets.add(socket);
    let held = Buffer.alloc(0);
    let isGreeted = false;
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        held = Buffer.concat([held, bytes]);
        if (!isGreeted && held.length >= 7) {
          isGreeted = true;
          held = held.subarray(7);
        }
        while (isGreeted && held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
          const call = readCall(held.subarray(4, 4 + held.readInt32BE(0)));
          held = held.subarray(4 + held.readInt32BE(0));
          if (call === undefined) continue;
          calls.push(call);
          const answer = onCall(call, socket);
          if (answer !== undefined) socket.write(answer);
        }
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    counts,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function readCall(frame: Buffer): Call | undefined {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < frame.length;) {
    const { value, end } = decodeVarint(frame, at)!;
    pieces.push(frame.subarray(end, end + Number(value)));
    at = end + Number(value);
  }
  const [header, method, message] = pieces;
  const zigZag = new Message(header!).number(3)!;
  const callId = zigZag % 2 === 0 ? zigZag / 2 : -(zigZag + 1) / 2;
  if (message === undefined) return undefined;
  const paths = new Message(message).all(1).map(String);
  return {
    callId,
    method: new Message(method!).text(1),
    path: paths[0]!,
    paths,
  };
}

export function answerWith({ callId }: Call, message: Uint8Array): Buffer {
  const header = encodeMessage([
    [1, callId],
    [2, 0],
  ]);
  return framed(Buffer.concat([delimited(header), delimited(message)]));
}

export function refuse({ callId }: Call, exception: string): Buffer {
  const header = encodeMessage([
    [1, callId],
    [2, 1],
    [4, exception],
    [5, 'because'],
  ]);
  return framed(delimited(header));
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** GetFileInfoResponseProto of a file of this size. */
export function fileInfo(sizeBytes: number): Buffer {
  return encodeMessage([[1, fileStatus(sizeBytes)]]);
}

/** GetBatchedListingResponseProto of the files of these sizes, each by its place among the paths; undefined where none is. */
export function fileInfos(sizes: readonly (number | undefined)[]): Buffer {
  const listings = sizes.map((size, place) =>
    encodeMessage([...(size === undefined ? [] : [[1, fileStatus(size)] as const]), [2, place]]),
  );
  return encodeMessage([...listings.toReversed().map((listing) => [1, listing] as const), [2, false]]);
}

export interface FakeFile {
  readonly sizeBytes: number;
  readonly mode?: number;
  readonly owner?: string;
  readonly flags?: number;
}

/** GetBlockLocationsResponseProto of a file of one block, given out under this token. */
export function blockLocations({ sizeBytes }: FakeFile, token: string): Buffer {
  return encodeMessage([[1, locatedBlocks(sizeBytes, token)]]);
}

/** GetBatchedListingResponseProto of files with their blocks, which have no tokens there. */
export function filesAndBlocks(files: readonly FakeFile[]): Buffer {
  const listings = files.map((file, place) =>
    encodeMessage([
      [1, fileStatus(file.sizeBytes, file, locatedBlocks(file.sizeBytes, ''))],
      [2, place],
    ]),
  );
  return encodeMessage([...listings.map((listing) => [1, listing] as const), [2, false]]);
}

function locatedBlocks(sizeBytes: number, token: string): Buffer {
  const block = encodeMessage([
    [1, 'BP-1'],
    [2, 1_073_741_825],
    [3, 1001],
    [4, sizeBytes],
  ]);
  const blockToken = encodeMessage([
    [1, Buffer.from(token)],
    [2, new Uint8Array()],
    [3, ''],
    [4, ''],
  ]);
  const located = encodeMessage([
    [1, block],
    [2, 0],
    [4, false],
    [5, blockToken],
  ]);
  return encodeMessage([
    [1, sizeBytes],
    [2, located],
    [3, false],
  ]);
}

function fileStatus(
  sizeBytes: number,
  { mode = 0o644, owner = 'hdfs', flags }: Partial<FakeFile> = {},
  locations?: Buffer,
): Buffer {
  const permission = encodeMessage([[1, mode]]);
  return encodeMessage([
    [1, 2],
    [2, new Uint8Array()],
    [3, sizeBytes],
    [4, permission],
    [5, owner],
    [6, 'hdfs'],
    [7, 1_700_000_000_000],
    [12, locations],
    [18, flags],
  ]);
}
