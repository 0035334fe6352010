import type { IncomingMessage } from 'node:http';
import { signatureProblem, type SandboxCredentials, type SignatureProblem } from './sigv4.ts';

/** A key of the sandbox's account. */
export interface AccessKey extends SandboxCredentials {
  /** Actions that its policy allows (`s3:GetObject`, `glue:GetTable`), on every resource; all of them unless given. */
  readonly allowed?: readonly string[];
}

/** The key that signed a request, or what is wrong with its signature. */
export function signerOf(
  request: IncomingMessage,
  payloadHash: string,
  keys: readonly AccessKey[],
): AccessKey | SignatureProblem {
  const authorization = request.headers.authorization ?? '';
  const key = keys.find(({ accessKeyId }) => authorization.includes(` Credential=${accessKeyId}/`)) ?? keys[0]!;
  return signatureProblem(request, payloadHash, key) ?? key;
}

export function isAllowed({ allowed }: AccessKey, action: string): boolean {
  return allowed === undefined || allowed.includes(action);
}
