import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, run, write } from './cache.ts';

const OPENED = [
  'lang',
  'lang.reflect',
  'net',
  'nio',
  'io',
  'util',
  'util.concurrent',
  'util.concurrent.atomic',
  'util.regex',
  'time',
];

/** What Hadoop and Hive need on Java 17, with a small heap. */
export function javaOptions(heapMegabytes: number, timeZone = 'UTC'): string[] {
  const opens = [...OPENED.map((name) => `java.base/java.${name}`), 'java.base/sun.nio.ch', 'java.sql/java.sql'];
  return [
    ...opens.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    `-Xmx${heapMegabytes}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Djava.net.preferIPv4Stack=true',
    `-Duser.timezone=${timeZone}`,
    '-Dfile.encoding=UTF-8',
  ];
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** A Hadoop configuration file. */
export async function writeSite(directory: string, name: string, settings: Settings): Promise<void> {
  const properties = Object.entries(settings).map(
    ([key, value]) => `<property><name>${key}</name><value>${String(value)}</value></property>`,
  );
  await write(directory, name, `<?xml version="1.0"?>\n<configuration>\n${properties.join('\n')}\n</configuration>\n`);
}

const LOG4J1 =
  'log4j.rootLogger=INFO,A\nlog4j.appender.A=org.apache.log4j.ConsoleAppender\nlog4j.appender.A.layout=org.apache.log4j.PatternLayout\nlog4j.appender.A.layout.ConversionPattern=%d %p %c: %m%n\n';
const LOG4J2 =
  'status=error\nappender.c.type=Console\nappender.c.name=c\nappender.c.layout.type=PatternLayout\nappender.c.layout.pattern=%d %p %c: %m%n\nrootLogger.level=INFO\nrootLogger.appenderRef.c.ref=c\n';

export async function writeLogging(directory: string): Promise<void> {
  await write(directory, 'log4j.properties', LOG4J1);
  await write(directory, 'log4j2.properties', LOG4J2);
}

/** The jars carry no web pages, and the daemons refuse to start without their folders. */
export async function emptyWebPages(directory: string): Promise<string> {
  for (const name of ['hdfs', 'datanode', 'static', 'secondary', 'journal'])
    await mkdir(join(directory, 'webapps', name), { recursive: true });
  return directory;
}

const FIRST = /^(guava|commons-|jackson-|slf4j-api|failureaccess)/;
const HIVE_KEEPS = new Set(['avro', 'jline']);
const DROPPED =
  /^(log4j-1\.2\.\d|reload4j|slf4j-reload4j|slf4j-log4j12|jdo-api|hadoop-client-api|hive-llap-server|listenablefuture|junit)/;

/** Hive's jars and, after them, Hadoop's on one class path: of two versions the newer, and what hive-exec bundles in old copies before it. */
export async function mergedClassPath(...directories: readonly string[]): Promise<string[]> {
  const chosen = new Map<string, { path: string; version: string }>();
  for (const directory of directories) {
    for (const file of (await readdir(directory)).filter((name) => name.endsWith('.jar') && !DROPPED.test(name))) {
      const { name, version } = nameAndVersion(file);
      const other = chosen.get(name);
      if (other !== undefined && (HIVE_KEEPS.has(name) || compareVersions(version, other.version) <= 0)) continue;
      chosen.set(name, { path: join(directory, file), version });
    }
  }
  const entries = [...chosen].toSorted(
    ([a], [b]) => Number(FIRST.test(b)) - Number(FIRST.test(a)) || a.localeCompare(b),
  );
  return entries.map(([, { path }]) => path);
}

function nameAndVersion(file: string): { name: string; version: string } {
  const match = /^(.*?)-(\d[^/]*)\.jar$/.exec(file);
  return match === null ? { name: file, version: '0' } : { name: match[1]!, version: match[2]! };
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Sources below a folder of this one, and what tells that they have changed. */
export async function javaSources(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly digest: string }> {
  const sources = join(import.meta.dirname, folder);
  const files = (await readdir(sources, { recursive: true }))
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => join(sources, name));
  const digest = createHash('sha256');
  for (const file of files) digest.update(await readFile(file));
  return { files, digest: digest.digest('hex').slice(0, 12) };
}

/** Our few classes in front of Hive's, compiled once and again when they change. */
export async function compiledPatches(hiveVersion: string, classPath: readonly string[]): Promise<string> {
  const { files, digest } = await javaSources('java');
  return cached(`patches-${hiveVersion}-${digest}`, async (directory) => {
    await run('javac', ['-nowarn', '-d', directory, '-cp', classPath.join(':'), ...files]);
  });
}
