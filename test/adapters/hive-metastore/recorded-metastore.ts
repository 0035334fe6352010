import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { MessageScanner } from '../../../src/adapters/hive-metastore/thrift/message-scanner.ts';

/** What a metastore answered to each call, as bytes in Base64, but for the numbers that pair answers with calls. */
export type Recording = Record<string, string>;

/** Listens in front of a metastore and keeps what it answers. */
export async function startRecorder(port: number): Promise<RecordedMetastore & { readonly recording: Recording }> {
  const recording: Recording = {};
  const server = await serve(async (socket) => {
    const upstream = connect({ host: '127.0.0.1', port });
    socket.once('close', () => upstream.destroy());
    const answers = messages(upstream);
    for await (const call of messages(socket)) {
      upstream.write(call);
      const answer = (await answers.next()).value as Buffer;
      recording[keyOf(call)] = withSequence(answer, 0).toString('base64');
      socket.write(answer);
    }
  });
  return { ...server, recording };
}

/** Answers as the metastore did; a call that was not recorded ends the session. */
export function startReplay(recording: Recording): Promise<RecordedMetastore> {
  return serve(async (socket) => {
    for await (const call of messages(socket)) {
      const answer = recording[keyOf(call)];
      if (answer === undefined) throw new Error(`not recorded: ${nameOf(call)}`);
      socket.write(withSequence(Buffer.from(answer, 'base64'), call.readInt32BE(sequenceAt(call))));
    }
  });
}

export interface RecordedMetastore {
  /** `thrift://127.0.0.1:<port>` */
  readonly address: string;
  close(): void;
}

async function serve(session: (socket: Socket) => Promise<void>): Promise<RecordedMetastore> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    void session(socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `thrift://127.0.0.1:${port}`, close };
}

async function* messages(socket: Socket): AsyncGenerator<Buffer> {
  let arrived: Buffer = Buffer.alloc(0);
  let scanner = new MessageScanner(64 * 1024 * 1024);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    arrived = Buffer.concat([arrived, chunk]);
    for (let end = scanner.scan(arrived); end !== undefined; end = scanner.scan(arrived)) {
      yield arrived.subarray(0, end);
      arrived = arrived.subarray(end);
      scanner = new MessageScanner(64 * 1024 * 1024);
    }
  }
}

/** Version and type, the name with its length, then the number. */
function sequenceAt(message: Buffer): number {
  return 8 + message.readInt32BE(4);
}

function withSequence(message: Buffer, sequence: number): Buffer {
  const changed = Buffer.from(message);
  changed.writeInt32BE(sequence, sequenceAt(message));
  return changed;
}

function nameOf(call: Buffer): string {
  return call.toString('utf8', 8, sequenceAt(call));
}

function keyOf(call: Buffer): string {
  const args = call.subarray(sequenceAt(call) + 4).toString('base64');
  return `${nameOf(call)} ${args}`;
}
