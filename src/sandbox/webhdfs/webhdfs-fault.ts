import type { RemoteException } from './remote-exception.ts';

export type Role = 'namenode' | 'datanode' | 'httpfs';

export type WebHdfsFault =
  | {
      readonly kind: 'exception';
      readonly exception: ConstructorParameters<typeof RemoteException>[0];
      readonly message?: string;
    }
  | { readonly kind: 'reset' }
  /** Accepts the request and never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Ends the body early, without any error: a DataNode that dies. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** One wrong bit in the body, at this byte. */
  | { readonly kind: 'flip-bit'; readonly afterBytes: number };

export interface WebHdfsRequest {
  readonly server: Role;
  readonly operation: string;
  readonly path: string;
  readonly offset: number;
}

/** Asked before each request is served; undefined leaves it alone. */
export type WebHdfsFaultHook = (request: WebHdfsRequest) => WebHdfsFault | undefined;
