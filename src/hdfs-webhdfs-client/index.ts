export { WebHdfsClient, type BlockLocation, type ContentSummary, type Range } from './web-hdfs-client.ts';
export { WebHdfsWriter, type CreateOptions, type SnapshotChange } from './web-hdfs-writer.ts';
export { WebHdfsError, type WebHdfsFailure } from './webhdfs-error.ts';
export type { Authentication } from './authentication.ts';
export type { FileChecksum } from './file-checksum.ts';
export type { FileStatus } from './file-status.ts';
export type { Timeouts } from './http-exchange.ts';
export type { WebHdfsOptions } from './name-node-router.ts';
