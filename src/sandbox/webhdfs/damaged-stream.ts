import type { ServerResponse } from 'node:http';
import { Transform } from 'node:stream';

/** Passes bytes on until the fault strikes. */
export function damaged(
  fault: { readonly kind: 'cut' | 'flip-bit'; readonly afterBytes: number },
  response: ServerResponse,
): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = fault.afterBytes - passed;
      passed += chunk.length;
      if (at < 0 || at >= chunk.length) return done(null, chunk);
      if (fault.kind === 'cut') {
        this.push(chunk.subarray(0, at));
        return void setImmediate(() => response.destroy());
      }
      const copy = Buffer.from(chunk);
      copy[at] = copy[at]! ^ 1;
      done(null, copy);
    },
  });
}
