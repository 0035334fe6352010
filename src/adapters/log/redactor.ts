const SHORTEST_SECRET = 6;

/**
 * Replaces secrets in a finished line of JSON: the given values, in every form that JSON and URLs give them,
 * and what looks like a delegation token in a URL.
 */
export function redactor(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const forms = new Set(
    known.flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]),
  );
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (line) =>
    longestFirst.reduce(
      (text, secret) => text.replaceAll(secret, '***'),
      line.replace(/\b(delegation|token|x-amz-signature|x-amz-security-token)=[^&\s"\\]+/gi, '$1=***'),
    );
}
