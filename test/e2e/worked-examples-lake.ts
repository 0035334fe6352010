import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import type { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import { folderOf, WAREHOUSE, type LakeFile, type LakeTable } from '../../src/sandbox/lake/lake-table.ts';
import { tableStatements } from '../stack/run-jobs.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** Use cases, databases and folders of the worked examples under names of one test, so that a cluster and an account can hold several of them. */
export class WorkedExamples {
  readonly #tag: string;

  constructor(tag: string) {
    this.#tag = tag;
  }

  /** A file of the repository. Domains of pseudonyms keep their names. */
  textOf(path: string): string {
    return readFileSync(join(REPOSITORY, path), 'utf8')
      .replaceAll(
        /(?<!domain: )\b((?:raw_|cleaned_|refined_)?(?:rh|assurance|commerce))(?=[.,/])/g,
        (_, database: string) => this.databaseOf(database),
      )
      .replaceAll(/(?<=\b(?:id|useCase): '?)(?:absences|churn|field-sales)\b/g, (useCase) => this.useCaseOf(useCase));
  }

  /** What is named by its use case alone, in the whole account: parameters, tables of DynamoDB. */
  useCaseOf(useCase: string): string {
    return `${useCase}-${this.#tag}`;
  }

  databaseOf(database: string): string {
    return `${database}_${this.#tag}`;
  }

  /** Where a file or folder of the sandbox's lake stands on the cluster. */
  pathOf(path: string): string {
    return path.replace(WAREHOUSE, `/data/${this.#tag}`).replace('/data/rh/', `/data/rh_${this.#tag}/`);
  }

  async putFiles(files: Iterable<LakeFile>, hdfs: WebHdfsWriter): Promise<void> {
    for (const { path, content } of files) await hdfs.create(this.pathOf(path), content);
  }

  async putTable({ table, partitions, files }: LakeTable, hdfs: WebHdfsWriter, hive: HiveServer2Engine): Promise<void> {
    await this.putFiles(files(), hdfs);
    const { partitionKeys, parameters, storage } = table;
    const { library: serdeLibrary, parameters: serdeParameters } = storage.serde;
    const target = {
      ...{ database: this.databaseOf(table.name.database), name: table.name.table, partitionKeys, parameters },
      storage: { ...storage, serdeLibrary, serdeParameters, location: this.pathOf(folderOf(table)) },
    };
    const placed = partitions.map((one) => ({ values: one.values, location: this.pathOf(folderOf(one)) }));
    for (const statement of tableStatements(target, placed)) await hive.query(statement);
  }
}
