import {
  replyOf,
  type MetastoreFailure,
  type MetastoreMethod,
} from '../../adapters/hive-metastore/metastore-methods.ts';
import {
  APPLICATION_FAILURE,
  applicationException,
  MESSAGE,
  writeMessage,
} from '../../adapters/hive-metastore/thrift/message.ts';
import type { BinaryReader } from '../../adapters/hive-metastore/thrift/binary-reader.ts';

/** An exception of the metastore, to be sent as the answer. */
export class MetastoreFailureAnswer extends Error {
  readonly failure: MetastoreFailure;

  constructor(failure: MetastoreFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** One method of the server: reads the arguments, and writes the whole answer. */
export interface ServedMethod {
  readonly name: string;
  answer(reader: BinaryReader, sequence: number): Buffer;
  fail(failure: MetastoreFailureAnswer, sequence: number): Buffer;
}

export function serve<A, R>(method: MetastoreMethod<A, R>, handle: (args: A) => R): ServedMethod {
  const { name } = method;
  const reply = replyOf(method.result);
  const fail = (failure: MetastoreFailureAnswer, sequence: number): Buffer => {
    const field = Object.entries(method.failures).find(([, declared]) => declared === failure.failure)?.[0];
    if (field === undefined) return applicationFailure(name, sequence, `Internal error processing ${name}`);
    const header = { type: MESSAGE.reply, method: name, sequence };
    return writeMessage(header, reply, { [`failure${field}`]: { message: failure.message } });
  };
  return {
    name,
    fail,
    answer(reader, sequence) {
      const args = method.args.read(reader);
      try {
        return writeMessage({ type: MESSAGE.reply, method: name, sequence }, reply, { success: handle(args) });
      } catch (error) {
        if (error instanceof MetastoreFailureAnswer) return fail(error, sequence);
        return applicationFailure(name, sequence, `Internal error processing ${name}`);
      }
    },
  };
}

export function unknownMethod(name: string, sequence: number): Buffer {
  const header = { type: MESSAGE.exception, method: name, sequence };
  const body = { message: `Invalid method name: '${name}'`, type: APPLICATION_FAILURE.unknownMethod };
  return writeMessage(header, applicationException, body);
}

function applicationFailure(name: string, sequence: number, message: string): Buffer {
  const header = { type: MESSAGE.exception, method: name, sequence };
  return writeMessage(header, applicationException, { message, type: APPLICATION_FAILURE.internalError });
}
