/** How a client proves who it is. Without any, the cluster must have security off and takes its default user. */
export type Authentication =
  /** Security off: `user.name=`. */
  | { readonly kind: 'user'; readonly user: string }
  /** A delegation token; the provider is asked before each request, so that a renewed token is picked up. */
  | { readonly kind: 'delegation-token'; readonly token: () => string | Promise<string> }
  /** Knox and other gateways. */
  | { readonly kind: 'basic'; readonly user: string; readonly password: () => string | Promise<string> }
  /** Anything else that ends in an Authorization header, e.g. `Negotiate …` from a Kerberos library. */
  | { readonly kind: 'header'; readonly authorization: () => Promise<string> };

export interface Credentials {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What to add to a request to a NameNode, HttpFS or gateway; never to a DataNode, whose redirect URL carries what it needs. */
export async function credentialsOf(authentication: Authentication | undefined): Promise<Credentials> {
  switch (authentication?.kind) {
    case undefined:
      return { query: {}, headers: {} };
    case 'user':
      return { query: { 'user.name': authentication.user }, headers: {} };
    case 'delegation-token':
      return { query: { delegation: await authentication.token() }, headers: {} };
    case 'basic': {
      const pair = `${authentication.user}:${await authentication.password()}`;
      return { query: {}, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
    }
    case 'header':
      return { query: {}, headers: { authorization: await authentication.authorization() } };
  }
}
