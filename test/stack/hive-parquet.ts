import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import type { StackAddresses } from './stack.ts';

/** The one Parquet file of a table, as real Hive writes it. `database` is made for it and gone afterwards; `rows` are those of VALUES. */
export async function parquetByHive(
  { hiveServer2, webHdfsUrl, hdfsUser: user }: StackAddresses,
  database: string,
  { columns, rows }: { readonly columns: string; readonly rows: readonly string[] },
): Promise<Uint8Array> {
  const hive = new HiveServer2Engine({ ...hiveServer2, user });
  const place = `/data/${database}`;
  for (const statement of [
    'SET mapreduce.task.io.sort.mb=10',
    `CREATE DATABASE ${database}`,
    `CREATE EXTERNAL TABLE ${database}.t (${columns}) STORED AS PARQUET LOCATION '${place}'`,
    `INSERT INTO ${database}.t VALUES ${rows.join(', ')}`,
    `DROP DATABASE ${database} CASCADE`,
  ])
    await hive.query(statement);
  await hive.close();
  const asked = (path: string, op: string) => fetch(`${webHdfsUrl}/webhdfs/v1${path}?op=${op}&user.name=${user}`);
  const { FileStatuses: found } = (await (await asked(place, 'LISTSTATUS')).json()) as {
    readonly FileStatuses: { readonly FileStatus: readonly { readonly pathSuffix: string }[] };
  };
  const [file, ...others] = found.FileStatus;
  if (file === undefined || others.length > 0) throw new Error(`Hive wrote ${found.FileStatus.length} files`);
  const content = await asked(`${place}/${file.pathSuffix}`, 'OPEN');
  return new Uint8Array(await content.arrayBuffer());
}
