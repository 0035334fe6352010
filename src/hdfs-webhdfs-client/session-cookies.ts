/**
 * The cookies that hadoop-auth sets after a negotiation, one per server: it takes them instead of a new one, which costs a trip to the KDC each time.
 * Good for 10 hours by default; then the server answers 401 and a new negotiation is due.
 */
export class SessionCookies {
  readonly #byOrigin = new Map<string, string>();

  find(server: URL): string | undefined {
    return this.#byOrigin.get(server.origin);
  }

  keep(server: URL, setCookies: readonly string[] | undefined): void {
    for (const line of setCookies ?? []) {
      const cookie = /^hadoop\.auth=[^;]+/.exec(line)?.[0];
      // An empty one, sent along with a refusal, takes the session back.
      if (cookie !== undefined && !/^hadoop\.auth=("")?$/.test(cookie)) this.#byOrigin.set(server.origin, cookie);
    }
  }

  forget(server: URL): void {
    this.#byOrigin.delete(server.origin);
  }
}
