import { moto } from '../../stack/install.ts';
import { runPython } from '../python/run-python.ts';

/** Deploys functions, jobs and the machine as their owner would, by AWS's own client, and starts all executions. */
const RUN = `
import boto3, io, json, pathlib, sys, time, uuid, zipfile
request = json.load(sys.stdin)
functions, glue, states = (boto3.client(name) for name in ("lambda", "glue", "stepfunctions"))
machine_name = f"machine-{uuid.uuid4()}"
role = boto3.client("iam").create_role(RoleName=machine_name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
for name, one in request["functions"].items():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for path in pathlib.Path(one["folder"]).iterdir():
            packed.write(path, path.name)
    functions.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="handler.handler", Timeout=60,
        Code={"ZipFile": archive.getvalue()}, Environment={"Variables": one["environment"]})
for name in request["jobs"]:
    glue.create_job(Name=name, Role=role, Command={"Name": "glueetl"}, ExecutionProperty={"MaxConcurrentRuns": 9})
machine = states.create_state_machine(name=machine_name, definition=request["definition"], roleArn=role)["stateMachineArn"]
started = {
    name: states.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))["executionArn"]
    for name, given in request["executions"].items()}
answers, until = {}, time.time() + 100
for name, arn in started.items():
    while (told := states.describe_execution(executionArn=arn))["status"] == "RUNNING" and time.time() < until:
        time.sleep(0.2)
    maps = [states.describe_map_run(mapRunArn=one["mapRunArn"]) for one in states.list_map_runs(executionArn=arn)["mapRuns"]]
    answers[name] = {
        "status": told["status"], "error": told.get("error"),
        "maps": [{name: one[name] for name in ("status", "maxConcurrency", "toleratedFailurePercentage", "itemCounts")} for one in maps]}
print(json.dumps(answers))
`;

export interface Deployment {
  /** The generated machine, as text. */
  readonly definition: string;
  /** By name: where the files of the generated function stand, and its environment. */
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly folder: string;
        readonly environment: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly jobs: readonly string[];
  /** Inputs by the name of the execution. */
  readonly executions: Readonly<Record<string, unknown>>;
}

export interface Executed {
  readonly status: string;
  readonly error: string | null;
  /** What became of its distributed maps. */
  readonly maps: readonly {
    readonly status: string;
    readonly maxConcurrency: number;
    readonly toleratedFailurePercentage: number;
    readonly itemCounts: Readonly<Record<string, number>>;
  }[];
}

/** By the interpreter of an emulator that executes (executing_moto.py), which answers what states and functions ask of AWS, too. */
export async function runMachine(
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  { definition, ...rest }: Deployment,
): Promise<Record<string, Executed>> {
  // The interpreter's grammar knows this number with a point only, as JSON.stringify never writes it.
  const written = definition.replaceAll(/("ToleratedFailurePercentage": *\d+)(?![\d.])/g, '$1.0');
  const request = { ...rest, definition: written };
  return runPython<Record<string, Executed>>(RUN, request, {
    PYTHONPATH: await moto(),
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}
