import { stepFunctionsInterpreter } from '../../stack/install.ts';

export const RUN = 'run-1';
/** In place of what a state waits. */
const WAIT_MS = 50;

/** What stands for a service: gets the parameters of a state, gives its result or throws. */
export type Service = (parameters: Record<string, unknown>) => unknown;

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig: { readonly Mode: string } };
  readonly ItemReader?: { readonly Parameters: unknown };
}

interface Interpreter {
  readonly StateMachine: new (
    definition: unknown,
    options: unknown,
  ) => { run(input: unknown, options: unknown): { readonly result: Promise<unknown> } };
}

/**
 * Executes a state machine; each service of `services`, by its resource, is asked as AWS would ask it. The interpreter has no Distributed Map: its place is taken
 * by a call that runs the item processor once for each item of the manifest, an execution each, as AWS does, and counts those that failed.
 */
export async function runStates(
  definition: Machine,
  { input, services, items = [] }: { input: unknown; services: Record<string, Service>; items?: readonly unknown[] },
): Promise<{ result: unknown; error: unknown }> {
  const { StateMachine } = (await import(await stepFunctionsInterpreter())) as Interpreter;
  let failed = 0;
  const describeMapRun: Service = () => ({ ItemCounts: { Total: items.length, Failed: failed } });
  const all: Record<string, Service> = { ...services, 'arn:aws:states:::aws-sdk:sfn:describeMapRun': describeMapRun };
  const mapOf = (processor: Machine): Service => {
    const one = (file: unknown): Promise<unknown> => execute(processor, { file, run: RUN }).catch(() => failed++);
    return async () => {
      await Promise.all(items.map(one));
      return { MapRunArn: 'arn:map' };
    };
  };
  const execute = (machine: Machine, given: unknown): Promise<unknown> => {
    const taskResourceLocalHandlers: Record<string, Service> = {};
    const retryIntervalOverrides: Record<string, number> = {};
    const waitTimeOverrides: Record<string, number> = {};
    const plain = withoutMaps(machine, (name, { Type: type, Resource: resource = '', ItemProcessor: processor }) => {
      if (type === 'Wait') return void (waitTimeOverrides[name] = WAIT_MS);
      const service = processor === undefined ? all[resource] : mapOf(processor);
      if (service === undefined) throw new Error(`${name} asks ${resource}, which is not there`);
      taskResourceLocalHandlers[name] = service;
      retryIntervalOverrides[name] = 0;
    });
    // The test beside this one validates it, by a newer validator than the interpreter's own.
    const options = { validationOptions: { noValidate: true } };
    const context = {
      Execution: { Name: RUN, StartTime: '2026-01-01T00:00:00Z' },
      State: { EnteredTime: 'now' },
      StateMachine: { Id: 'arn:machine' },
    };
    const overrides = { taskResourceLocalHandlers, retryIntervalOverrides, waitTimeOverrides };
    return new StateMachine(plain, options).run(given, { overrides, context }).result;
  };
  try {
    return { result: await execute(definition, input), error: undefined };
  } catch (error) {
    return { result: undefined, error };
  }
}

/** The same with calls in place of distributed maps; `onState` is told of each call, of each wait, and of what a map would do for each item. */
function withoutMaps(machine: Machine, onState: (name: string, given: State) => void): Machine {
  const states = Object.entries(machine.States).map(([name, given]): [string, State] => {
    const { ItemReader: reader, ItemProcessor: processor, ...state } = given;
    const isDistributed = processor?.ProcessorConfig.Mode === 'DISTRIBUTED';
    if (given.Type === 'Task' || given.Type === 'Wait' || isDistributed) onState(name, given);
    if (isDistributed)
      return [name, { ...state, Type: 'Task', Resource: 'map', Parameters: reader?.Parameters } as State];
    const branches = given.Branches?.map((branch) => withoutMaps(branch, onState));
    return [
      name,
      {
        ...given,
        ...(branches && { Branches: branches }),
        ...(processor && { ItemProcessor: { ...processor, ...withoutMaps(processor, onState) } }),
      },
    ];
  });
  return { ...machine, States: Object.fromEntries(states) };
}
