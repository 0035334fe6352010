import { isStopped, type FileItem, type Reason } from '../../domain/plan.ts';

/** Why a partition is not registered. */
export interface LeftOut {
  readonly verdict: 'refuse' | 'needs-decision';
  readonly reason: Reason;
}

/** Files of one folder that have a verdict of their own. The order that they come in makes no difference. */
export class FilesLeftOut {
  #count = 0;
  #first: (LeftOut & { readonly path: string }) | undefined;

  add({ verdict, reason, source: { path } }: Pick<FileItem, 'verdict' | 'reason' | 'source'>): void {
    if (reason === undefined || !isStopped(verdict)) return;
    this.#count += 1;
    const one = { verdict, reason, path };
    if (this.#first === undefined || comesBefore(one, this.#first)) this.#first = one;
  }

  /** Undefined where there are none: registered without the others, the partition would lack their rows. */
  get ruling(): LeftOut | undefined {
    if (this.#first === undefined) return undefined;
    const { verdict, reason } = this.#first;
    const [count, are] = this.#count === 1 ? ['1', 'is'] : [`${this.#count}`, 'are'];
    const text = `${count} of its files ${are} left out, and it is not registered without their rows: ${reason.text}`;
    return { verdict, reason: { ...reason, text } };
  }
}

/** What no answer in the mapping mends comes first. */
function comesBefore(
  a: { readonly verdict: string; readonly path: string },
  b: { readonly verdict: string; readonly path: string },
): boolean {
  return a.verdict === b.verdict ? a.path < b.path : a.verdict === 'refuse';
}
