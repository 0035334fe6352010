import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { columnStatistics } from '../../../src/adapters/hive-metastore/metastore-statistics.ts';
import { database, failure, partition, table } from '../../../src/adapters/hive-metastore/metastore-structs.ts';
import { MessageScanner } from '../../../src/adapters/hive-metastore/thrift/message-scanner.ts';
import { MESSAGE, readHeader, writeMessage } from '../../../src/adapters/hive-metastore/thrift/message.ts';
import {
  bool,
  i64,
  list,
  string,
  struct,
  type Decoded,
  type ThriftType,
} from '../../../src/adapters/hive-metastore/thrift/thrift-type.ts';

const statistics = struct({
  where: [
    1,
    struct({ isTable: [1, bool], database: [2, string], table: [3, string], partition: [4, string], at: [5, i64] }),
  ],
  columns: [2, list(columnStatistics)],
});
const reply = struct({
  failure1: [1, failure],
  failure2: [2, failure],
  failure3: [3, failure],
  failure4: [4, failure],
});

/** The few calls that change a metastore, for tests that need in it what no statement of Hive makes. Lakelift itself has none of them. */
export class MetastoreWriter {
  readonly #socket: Socket;
  #sequence = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(port: number): Promise<MetastoreWriter> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new MetastoreWriter(socket);
  }

  createCatalog(name: string, locationUri: string): Promise<void> {
    const catalog = struct({ name: [1, string], description: [2, string], locationUri: [3, string] });
    const args = struct({ request: [1, struct({ catalog: [1, catalog] })] });
    return this.#call('create_catalog', args, { request: { catalog: { name, description: '', locationUri } } });
  }

  createDatabase(value: Decoded<typeof database>): Promise<void> {
    return this.#call('create_database', struct({ database: [1, database] }), { database: value });
  }

  createTable(value: Decoded<typeof table>): Promise<void> {
    return this.#call('create_table', struct({ table: [1, table] }), { table: value });
  }

  addPartition(value: Decoded<typeof partition>): Promise<void> {
    return this.#call('add_partition', struct({ partition: [1, partition] }), { partition: value });
  }

  /** Of a table, or of one partition where `where.partition` names it. */
  putStatistics(value: Decoded<typeof statistics>): Promise<void> {
    const method = `update_${value.where?.partition === undefined ? 'table' : 'partition'}_column_statistics`;
    return this.#call(method, struct({ statistics: [1, statistics] }), { statistics: value });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #call<Args>(method: string, args: ThriftType<Args>, value: Args): Promise<void> {
    this.#sequence += 1;
    this.#socket.write(writeMessage({ type: MESSAGE.call, method, sequence: this.#sequence }, args, value));
    const { type, reader } = readHeader(await this.#answer());
    const failures = type === MESSAGE.reply ? Object.values(reply.read(reader)) : [failure.read(reader)];
    const refusal = failures.find((one) => one !== undefined);
    if (refusal !== undefined) throw new Error(`${method}: ${refusal.message ?? 'refused'}`);
  }

  async #answer(): Promise<Buffer> {
    const scanner = new MessageScanner(64 * 1024 * 1024);
    let arrived: Buffer = Buffer.alloc(0);
    for (;;) {
      const [chunk] = (await once(this.#socket, 'data')) as [Buffer];
      arrived = Buffer.concat([arrived, chunk]);
      if (scanner.scan(arrived) !== undefined) return arrived;
    }
  }
}
