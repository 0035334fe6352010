import { parseExactJson } from './exact-json.ts';
import { expectText } from './http-exchange.ts';
import { member } from './file-status.ts';
import { NameNodeRouter, Redirect, type Operation, type WebHdfsOptions } from './name-node-router.ts';
import { WebHdfsError } from './webhdfs-error.ts';

export interface CreateOptions {
  readonly blockSizeBytes?: number;
  readonly replication?: number;
  readonly overwrite?: boolean;
  readonly permission?: string;
}

/** The operations that change HDFS, apart from the reading client so that read-only use is a type. */
export class WebHdfsWriter {
  readonly #router: NameNodeRouter;

  constructor(options: WebHdfsOptions) {
    this.#router = new NameNodeRouter(options);
  }

  async makeDirectories(path: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'PUT', op: 'MKDIRS', path, signal });
  }

  async create(path: string, body: Uint8Array, options: CreateOptions = {}, signal?: AbortSignal): Promise<void> {
    // HttpFS overwrites unless told otherwise, NameNodes do not.
    const { blockSizeBytes: blocksize, replication, overwrite = false, permission } = options;
    await this.#write(
      { method: 'PUT', op: 'CREATE', path, query: { blocksize, replication, overwrite, permission }, signal },
      body,
    );
  }

  async append(path: string, body: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#write({ method: 'POST', op: 'APPEND', path, signal }, body);
  }

  /** Moves the blocks of `sources` to the end of `path`; the sources are gone afterwards. */
  async concat(path: string, sources: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'POST', op: 'CONCAT', path, query: { sources: sources.join(',') }, signal });
  }

  async rename(path: string, destination: string, signal?: AbortSignal): Promise<void> {
    const answer = parseExactJson(
      await this.#router.askText({ method: 'PUT', op: 'RENAME', path, query: { destination }, signal }),
    );
    if (member(answer, 'boolean') !== true)
      throw new WebHdfsError(`${path} could not be renamed`, { failure: 'conflict' });
  }

  /** False when there was nothing to delete. */
  async delete(path: string, options: { readonly recursive?: boolean } = {}, signal?: AbortSignal): Promise<boolean> {
    return (
      member(
        parseExactJson(
          await this.#router.askText({
            method: 'DELETE',
            op: 'DELETE',
            path,
            query: { recursive: options.recursive ?? false },
            signal,
          }),
        ),
        'boolean',
      ) === true
    );
  }

  async setPermission(path: string, permission: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'PUT', op: 'SETPERMISSION', path, query: { permission }, signal });
  }

  async setTimes(path: string, modifiedAtMs: number, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({
      method: 'PUT',
      op: 'SETTIMES',
      path,
      query: { modificationtime: modifiedAtMs },
      signal,
    });
  }

  /** Superuser only (Hadoop 3). */
  async allowSnapshots(directory: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'PUT', op: 'ALLOWSNAPSHOT', path: directory, signal });
  }

  /** Returns the path of the snapshot. */
  async createSnapshot(directory: string, snapshotname?: string, signal?: AbortSignal): Promise<string> {
    return String(
      member(
        parseExactJson(
          await this.#router.askText({
            method: 'PUT',
            op: 'CREATESNAPSHOT',
            path: directory,
            query: { snapshotname },
            signal,
          }),
        ),
        'Path',
      ),
    );
  }

  async deleteSnapshot(directory: string, snapshotname: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({
      method: 'DELETE',
      op: 'DELETESNAPSHOT',
      path: directory,
      query: { snapshotname },
      signal,
    });
  }

  async disallowSnapshots(directory: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'PUT', op: 'DISALLOWSNAPSHOT', path: directory, signal });
  }

  close(): void {
    this.#router.close();
  }

  /** Two steps: the NameNode names a DataNode, the DataNode takes the bytes. HttpFS redirects to itself with `data=true`. */
  async #write(operation: Operation, body: Uint8Array): Promise<void> {
    const answer = await this.#router.locate(operation);
    if (!(answer instanceof Redirect))
      throw new WebHdfsError('The server took a write without saying where the bytes should go', {
        failure: 'corrupt',
      });
    await expectText(await this.#router.follow(operation, answer, body));
  }
}
