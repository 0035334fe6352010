import type { BlockTask } from '../../hdfs-webhdfs-client/index.ts';
import type { SignedWrite } from '../s3/write-connections.ts';

type WithoutSignal<Work> = Omit<Work, 'signal'>;

/** What a thread is asked to do. Bytes lie in memory that both sides see; no secret is among it but what is sent on: block tokens and signatures. */
export type ThreadTask =
  | {
      readonly kind: 'read';
      readonly address: string;
      readonly task: Omit<BlockTask, 'limits'> & { readonly limits: WithoutSignal<BlockTask['limits']> };
    }
  | { readonly kind: 'send'; readonly write: WithoutSignal<SignedWrite> };

/** To a thread. */
export type ThreadRequest = { readonly id: number } & (ThreadTask | { readonly kind: 'stop' });

/** From a thread, once for every task, after which the bytes are the asker's again. */
export type ThreadAnswer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string });
