import { parentPort } from 'node:worker_threads';
import { DataNodeConnections } from '../../hdfs-webhdfs-client/blocks/data-node-connections.ts';
import { StoreConnections } from '../s3/store-connections.ts';
import { threadFailure, type ThreadAnswer, type ThreadRequest, type ThreadTask } from './thread-task.ts';

/** What a thread of {@link SocketThreads} runs: sockets, and the memory that they fill or empty. */
const port = parentPort!;
const reads = new DataNodeConnections();
const writes = new StoreConnections();
const running = new Map<number, AbortController>();

port.on('message', (request: ThreadRequest) => {
  if (request.kind === 'stop') running.get(request.id)?.abort();
  else void answer(request.id, request);
});

async function answer(id: number, task: ThreadTask): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  const outcome = await perform(task, stop.signal).then(
    (result) => ({ id, result }),
    (error: unknown) => ({ id, failure: threadFailure(error) }),
  );
  running.delete(id);
  port.postMessage(outcome satisfies ThreadAnswer);
}

function perform(task: ThreadTask, signal: AbortSignal): Promise<unknown> {
  if (task.kind === 'send') return writes.send({ ...task.request, signal });
  return reads.read(task.address, { ...task.task, limits: { ...task.task.limits, signal } });
}
