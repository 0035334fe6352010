import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { GeneratedFile } from '../../../src/generate/blueprint.ts';
import type { BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { moto } from '../../stack/install.ts';
import type { StackAddresses } from '../../stack/stack.ts';
import { runPython } from '../python/run-python.ts';

/** Imports the function as the runtime does, and hands it events. What it prints is its log. */
const INVOKE = `
import boto3, contextlib, io, json, sys
request = json.load(sys.stdin)
secrets = boto3.client("secretsmanager")
try:
    secrets.create_secret(Name=request["secret"], SecretString=request["key"])
except secrets.exceptions.ResourceExistsException:
    secrets.put_secret_value(SecretId=request["secret"], SecretString=request["key"])
newer = request["newer"]
if newer:
    plain = boto3.client
    def client(name):
        made = plain(name)
        if name == "s3":
            read = made.get_object
            def get_object(**given):
                answer = read(**given)
                if given["Key"] == newer["key"] and newer["bodies"]:
                    made.put_object(Bucket=given["Bucket"], Key=given["Key"], Body=newer["bodies"].pop(0).encode())
                return answer
            made.get_object = get_object
        return made
    boto3.client = client
sys.path.insert(0, request["folder"])
answers, log = [], io.StringIO()
with contextlib.redirect_stdout(log):
    import handler
    for event in request["events"]:
        try:
            answers.append(handler.handler(event, None))
        except Exception as error:
            answers.append({"error": type(error).__name__, "message": str(error)})
print(json.dumps({"answers": answers, "log": log.getvalue()}))
`;

export interface Outcome {
  readonly source: string;
  readonly status: string;
  readonly reason?: string;
  readonly sourceRows?: number;
  readonly rows?: number;
  readonly suppressedRows?: number;
  readonly linesOfOtherFieldCount?: number;
  readonly inQuarantine?: number;
  readonly warnings?: Readonly<Record<string, number>>;
}

export interface Invoked {
  readonly answers: readonly {
    readonly objects?: readonly Outcome[];
    readonly error?: string;
    readonly message?: string;
  }[];
  readonly log: string;
}

export interface Invocation {
  /** Where the files of the function stand. */
  readonly folder: string;
  /** Name of the secret that holds the key of pseudonyms, and the key. */
  readonly secret: string;
  readonly key: string;
  readonly events: readonly unknown[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What somebody else puts in the place of an object, one after the other, whenever the function has asked for it. */
  readonly newer?: { readonly key: string; readonly bodies: readonly string[] };
}

/** By Python and boto3, against the stack's S3 and its emulator of the rest of AWS. */
export async function invokeFunction(
  stack: StackAddresses,
  { environment = {}, newer, ...request }: Invocation,
): Promise<Invoked> {
  return runPython<Invoked>(
    INVOKE,
    { ...request, newer: newer ?? null },
    {
      PYTHONPATH: await moto(),
      AWS_ENDPOINT_URL: stack.glueEndpoint,
      AWS_ENDPOINT_URL_S3: stack.s3Endpoint,
      AWS_DEFAULT_REGION: stack.region,
      AWS_ACCESS_KEY_ID: stack.accessKeyId,
      AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
      LAKELIFT_KEY_SECRET: request.secret,
      ...environment,
    },
  );
}

/** The files of a generated function as they would be deployed: in one folder. */
export function deployed(files: readonly GeneratedFile[], parent: string, name: string): string {
  const target = mkdtempSync(join(parent, `${name}-`));
  for (const { path, text } of files) writeFileSync(join(target, basename(path)), text);
  return target;
}

/** Rows that `zones build` made, and those of a function, that the other does not have. */
export async function differences(
  { files, types }: Pick<BuiltDataset, 'files' | 'types'>,
  packed: Uint8Array,
  folder: string,
): Promise<unknown[][]> {
  const [built, made] = [join(folder, 'built.parquet'), join(folder, 'function.jsonl')];
  writeFileSync(built, files[0]!.body);
  writeFileSync(made, gunzipSync(packed));
  const columns = types.map((column) => `'${column.name}': '${column.type.replace('string', 'VARCHAR')}'`);
  const sides = [
    `SELECT * FROM '${built}'`,
    `SELECT * FROM read_json('${made}', format = 'newline_delimited', columns = {${columns.join(', ')}})`,
  ] as const;
  const less = (a: string, b: string) => `SELECT * FROM (${a} EXCEPT ALL ${b})`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT 'built', * FROM (${less(sides[0], sides[1])}) UNION ALL SELECT 'function', * FROM (${less(sides[1], sides[0])})`,
    );
    return reader.getRowsJson();
  } finally {
    connection.closeSync();
  }
}

export function linesOf(packed: Uint8Array): Record<string, unknown>[] {
  const lines = gunzipSync(packed).toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
