import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { noteSecret } from '../log/redactor.ts';
import { isCredentialFailure } from './aws-failure.ts';
import type { AwsSettings } from './aws-settings.ts';

type Chain = ReturnType<typeof defaultProvider>;
type Identity = Awaited<ReturnType<Chain>>;
interface IdentityOptions {
  readonly forceRefresh?: boolean;
}
type IdentityProvider = (options?: IdentityOptions) => Promise<Identity>;

/** Keys without an expiry, as tools that rotate a file of credentials write them, are read again this often. */
const READ_AGAIN_AFTER_MS = 60_000;

/**
 * Credentials of the SDK's own chain (environment, profile, process, web identity, container, instance), for runs that outlive them. The SDK renews by
 * itself those that say when they expire; those that do not say it would read once, and the file that holds them too.
 */
export function renewedCredentials(chain: Chain = defaultProvider({ ignoreCache: true })): IdentityProvider {
  let current: Identity | undefined;
  let readAtMs = 0;
  const read = async (options: IdentityOptions): Promise<Identity> => {
    readAtMs = performance.now();
    current = await chain(options);
    noteSecret(current.secretAccessKey);
    noteSecret(current.sessionToken);
    return current;
  };
  const provider: IdentityProvider = async (options = {}) => {
    const isConstant = current !== undefined && current.expiration === undefined;
    if (options.forceRefresh !== true && isConstant && performance.now() - readAtMs < READ_AGAIN_AFTER_MS)
      return current!;
    if (!isConstant) return read(options);
    const standing = current!;
    // A file that is just being written holds none for a moment: those in hand may still do.
    return read({ forceRefresh: true }).catch(() => (current = standing));
  };
  // Otherwise the SDK would keep the first constant ones for good.
  return Object.assign(provider, { memoized: true });
}

/** The credentials of a client: given ones, or the chain's, renewed. */
export function credentialsOf({ credentials }: AwsSettings): { credentials: IdentityProvider | Identity } {
  return { credentials: credentials ?? renewedCredentials() };
}

interface RenewableClient {
  readonly config: { readonly credentials: IdentityProvider };
  readonly middlewareStack: {
    add(
      middleware: <Args, Output>(next: (args: Args) => Promise<Output>) => (args: Args) => Promise<Output>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** A call whose credentials are refused is made once more with what the chain holds by then: they may have been replaced while it was under way. */
export function renewOnRefusal(client: RenewableClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!isCredentialFailure(error)) throw error;
        const isRenewed = await client.config.credentials({ forceRefresh: true }).then(
          () => true,
          () => false,
        );
        if (!isRenewed) throw error;
        return next(args);
      }
    },
    { step: 'initialize', name: 'lakeliftRenewCredentials' },
  );
}
