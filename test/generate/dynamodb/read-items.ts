import { moto } from '../../stack/install.ts';
import type { StackAddresses } from '../../stack/stack.ts';
import { runPython } from '../python/run-python.ts';

/** Reads page by page by AWS's own client, which tells of every request that goes out, also of those that it makes again by itself. */
const READ = `
import boto3, json, sys, time
from botocore import xform_name

asked = json.load(sys.stdin)
client = boto3.client("dynamodb")
sent = []
def remember(request, **_):
    target = request.headers["X-Amz-Target"]
    target = target if isinstance(target, str) else target.decode()
    sent.append({"operation": target.split(".")[1], "request": json.loads(request.body)})
client.meta.events.register("before-send.dynamodb", remember)

def read(operation, request):
    items, scanned, last = [], 0, {}
    while True:
        page = getattr(client, xform_name(operation))(TableName=asked["table"], **request, **last)
        found = page["Items"] if "Items" in page else [page["Item"]] if "Item" in page else []
        items += found
        scanned += page.get("ScannedCount", len(found))
        if "LastEvaluatedKey" not in page:
            return {"items": items, "scanned": scanned}
        last = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

def timed(operation, request):
    sent.clear()
    started = time.perf_counter()
    found = read(operation, request)
    return found, 1000 * (time.perf_counter() - started)

some = client.scan(TableName=asked["table"], Limit=1)["Items"] or [{"pk": {"S": "-"}, "sk": {"S": "-"}}]
bare = {name: some[0][name] for name in ("pk", "sk")}
readings = []
for each in asked["reads"]:
    _, bare_took = timed("GetItem", {"Key": bare})
    found, took = timed(each["operation"], each["request"])
    readings.append({**found, "sent": list(sent), "tookMs": took, "bareMs": bare_took})
print(json.dumps(readings))
`;

export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly BOOL?: boolean }>>;

/** Of one table, whose name the reader adds. */
export interface Read {
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface Reading {
  readonly items: readonly Item[];
  /** Items that DynamoDB read to find them. */
  readonly scanned: number;
  readonly sent: readonly Read[];
  readonly tookMs: number;
  /** What one GetItem by a whole key took just before, on the same machine with the same load. */
  readonly bareMs: number;
}

export async function readItems(
  stack: StackAddresses,
  asked: { readonly table: string; readonly reads: readonly Read[] },
): Promise<Reading[]> {
  return runPython<Reading[]>(READ, asked, {
    PYTHONPATH: await moto(),
    AWS_ENDPOINT_URL: stack.glueEndpoint,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: stack.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
  });
}
