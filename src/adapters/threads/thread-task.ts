import { messageOf } from '../../errors.ts';
import { WebHdfsError, type BlockTask, type WebHdfsFailure } from '../../hdfs-webhdfs-client/index.ts';
import type { SignedRequest } from '../s3/store-connections.ts';

type WithoutSignal<Work> = Omit<Work, 'signal'>;

/** What a thread is asked to do. Bytes lie in memory that both sides see; no secret is among it but what is sent on: block tokens and signatures. */
export type ThreadTask =
  | {
      readonly kind: 'read';
      readonly address: string;
      readonly task: Omit<BlockTask, 'limits'> & { readonly limits: WithoutSignal<BlockTask['limits']> };
    }
  | { readonly kind: 'send'; readonly request: WithoutSignal<SignedRequest> };

/** To a thread. */
export type ThreadRequest = { readonly id: number } & (ThreadTask | { readonly kind: 'stop' });

/** From a thread, once for every task, after which the bytes are the asker's again. */
export type ThreadAnswer = { readonly id: number } & (
  { readonly result: unknown } | { readonly failure: ThreadFailure }
);

/** An error as it travels between threads, which keeps no class: of HDFS's, what sort of failure it is. */
interface ThreadFailure {
  readonly message: string;
  readonly ofHdfs: WebHdfsFailure | undefined;
}

export function threadFailure(error: unknown): ThreadFailure {
  return { message: messageOf(error), ofHdfs: error instanceof WebHdfsError ? error.failure : undefined };
}

export function errorOf({ message, ofHdfs }: ThreadFailure): Error {
  return ofHdfs === undefined ? new Error(message) : new WebHdfsError(message, { failure: ofHdfs });
}
