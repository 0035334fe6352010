import type { inject } from 'vitest';

type Addresses = NonNullable<ReturnType<typeof inject<'stack'>>>;

/** What a user's lakelift.yaml says of the stack. */
export function stackConfig(stack: Addresses, rawBucket: string) {
  const { webHdfsUrl, hdfsUser, hdfsAuthority, hiveServer2, metastore, region } = stack;
  const { s3Endpoint, glueEndpoint, trinoUrl, trinoCatalog } = stack;
  return {
    source: {
      hdfs: { nameNodes: [webHdfsUrl], user: hdfsUser, authorities: [hdfsAuthority] },
      hive: { metastore: [metastore], hiveServer2: { ...hiveServer2, user: hdfsUser } },
    },
    target: {
      region,
      s3: { endpoint: s3Endpoint },
      glue: { endpoint: glueEndpoint },
      engine: { kind: 'trino', url: trinoUrl, catalog: trinoCatalog },
    },
    zones: { raw: { bucket: rawBucket } },
  };
}
