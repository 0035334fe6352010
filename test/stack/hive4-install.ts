import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, run, write } from './cache.ts';
import { VERSIONS } from './versions.ts';

/** Comes with Hadoop, cannot be resolved, or clashes. */
const EXCLUDED = [
  'org.apache.hadoop:*',
  'org.apache.hbase:*',
  'org.pac4j:*',
  'net.shibboleth.tool:*',
  'org.pentaho:*',
  'org.apache.logging.log4j:log4j-web',
  'org.apache.hive:hive-llap-server',
];

const ARTIFACTS = [
  `org.apache.hive:hive-exec:${VERSIONS.hive4}`,
  `org.apache.hive:hive-service:${VERSIONS.hive4}`,
  `org.apache.hive:hive-standalone-metastore-server:${VERSIONS.hive4}`,
  'org.apache.tez:tez-dag:0.10.4',
  // 3.3, which Maven would pick, breaks INSERT.
  'org.antlr:antlr-runtime:3.5.2',
];

/** Jars of Hive 4 in one folder, without Hadoop's. */
export function hive4Jars(): Promise<string> {
  return cached(`hive-${VERSIONS.hive4}`, async (directory) => {
    const exclusions = EXCLUDED.map((one) => {
      const [group, artifact] = one.split(':');
      return `<exclusion><groupId>${group}</groupId><artifactId>${artifact}</artifactId></exclusion>`;
    }).join('');
    const dependencies = ARTIFACTS.map((one) => {
      const [group, artifact, version] = one.split(':');
      const coordinates = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
      return `<dependency>${coordinates}<exclusions>${exclusions}</exclusions></dependency>`;
    }).join('');
    const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>lakelift</groupId><artifactId>stack-hive4</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies}</dependencies></project>`;
    const pom = await write(directory, 'pom.xml', project);
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${directory}`, '-DincludeScope=runtime'];
    await run('mvn', ['-q', '-B', '-f', pom, ...copy]);
  });
}

/** The metastore's SQL scripts are only in its binary tarball. */
export function hive4Scripts(): Promise<string> {
  return cached(`hive-${VERSIONS.hive4}-scripts`, async (directory) => {
    const artifact = `org.apache.hive:hive-standalone-metastore-server:${VERSIONS.hive4}:tar.gz:bin`;
    await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`]);
    const [tarball] = await readdir(directory);
    await run('tar', ['xzf', tarball!, '--strip-components=1', '--wildcards', '*/scripts/*'], { cwd: directory });
    await rm(join(directory, tarball!));
  });
}
