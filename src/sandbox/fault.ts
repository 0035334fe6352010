import type { IncomingMessage } from 'node:http';

/** What to do to one request, so that clients can be seen to survive it. */
export type Fault =
  /** Answers this error without doing the work, e.g. 503 SlowDown. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message?: string }
  /** Resets the connection without doing the work. */
  | { readonly kind: 'reset' }
  /** Waits, then works as usual. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Does the work, then resets the connection: the client cannot know. */
  | { readonly kind: 'lose-acknowledgement' }
  /** Sends this many bytes of the answer's body, then resets the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number };

/** Ends a connection the hard way (TCP RST), as a crashed server or a firewall does. */
export function resetConnection(request: IncomingMessage): void {
  if (!request.socket.destroyed) request.socket.resetAndDestroy();
}
