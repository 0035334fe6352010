const SHORTEST_SECRET = 6;

const noted = new Set<string>();

/** Every secret value that this process has come to hold, whenever it came: adapters note what they read. */
export const knownSecrets: ReadonlySet<string> = noted;

/** To be called with each secret as soon as it is read; what is too short would blot out ordinary words. */
export function noteSecret(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= SHORTEST_SECRET) noted.add(secret);
}

/**
 * Replaces secrets in a finished line of JSON or text: the given values, in every form that JSON, URLs and headers give them,
 * and what looks like a token or signature in a URL. Secrets that are added to the set later count from then on.
 */
export function redactor(secrets: ReadonlySet<string> = knownSecrets): (line: string) => string {
  let size = -1;
  let longestFirst: readonly string[] = [];
  return (line) => {
    if (secrets.size !== size) {
      size = secrets.size;
      longestFirst = formsOf(secrets);
    }
    return longestFirst.reduce(
      (text, secret) => text.replaceAll(secret, '***'),
      line.replace(/\b(delegation|token|x-amz-signature|x-amz-security-token)=[^&\s"\\]+/gi, '$1=***'),
    );
  };
}

function formsOf(secrets: ReadonlySet<string>): string[] {
  const forms = new Set(
    [...secrets].flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      encodeURI(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
    ]),
  );
  return [...forms].filter((form) => form.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}
