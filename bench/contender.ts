import type { Command, Usage } from './measure.ts';
import type { Servers } from './servers.ts';

/** A folder in HDFS with what lies in it. */
export interface Load {
  readonly name: 'large' | 'small';
  readonly path: string;
  readonly files: number;
  readonly sizeBytes: number;
}

export interface Job {
  readonly servers: Servers;
  readonly load: Load;
  readonly bucket: string;
  /** Empty, and gone afterwards. */
  readonly directory: string;
}

/** One way to bring a folder of HDFS into a bucket. */
export interface Contender {
  readonly name: string;
  /** What it compares of the two ends, for the table. */
  readonly proof: string;
  /** All of them where none are named. */
  readonly loads?: readonly Load['name'][];
  prepare(job: Job): Promise<Command>;
  /** Throws when what was printed shows that it did not do its work. */
  check?(usage: Usage, job: Job): void;
}
