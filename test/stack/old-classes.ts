import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, run } from './cache.ts';
import { hadoopJars, hive3Jars, mavenJars } from './install.ts';
import { javaSources } from './java-server.ts';
import { VERSIONS } from './versions.ts';

/** SerDes that clusters of old had from elsewhere, for `ADD JAR`; and old names of classes that Hive 3 has under another. */
export async function oldSerdeJars(): Promise<string[]> {
  const directory = await mavenJars(`old-serdes-${VERSIONS.openxJson}-${VERSIONS.parquetHive}`, [
    { id: 'io.starburst.openx.data:json-serde', version: VERSIONS.openxJson },
    { id: 'com.twitter:parquet-hive-bundle', version: VERSIONS.parquetHive, exclusions: ['*'] },
  ]);
  const jars = (await readdir(directory)).filter((name) => name.endsWith('.jar')).map((name) => join(directory, name));
  return [...jars, join(await oldNames(), 'old-names.jar')];
}

/**
 * What codecs need that Hadoop and Avro do not bring: lz4-java for Hadoop's own LZ4, zstd-jni for that of Avro, and codecs in Java alone, since
 * Hadoop's own ZSTD needs a library of the machine and LZO is in no registry.
 */
export function javaCodecs(): Promise<string> {
  const { aircompressor, lz4Java, zstdJni } = VERSIONS;
  return mavenJars(`codecs-${aircompressor}-${lz4Java}-${zstdJni}`, [
    { id: 'io.airlift:aircompressor', version: aircompressor, exclusions: ['*'] },
    { id: 'org.lz4:lz4-java', version: lz4Java },
    { id: 'com.github.luben:zstd-jni', version: zstdJni },
  ]);
}

/** One jar, compiled once and again when its sources change. */
export async function oldNames(): Promise<string> {
  const { files, digest } = await javaSources('java-old');
  const classPath = [await hive3Jars(), await hadoopJars()].map((directory) => join(directory, '*')).join(':');
  return cached(`old-names-${digest}`, async (directory) => {
    const classes = join(directory, 'classes');
    await run('javac', ['-nowarn', '-d', classes, '-cp', classPath, ...files]);
    await run('jar', ['cf', join(directory, 'old-names.jar'), '-C', classes, '.']);
  });
}
