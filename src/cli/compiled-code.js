import { setFlagsFromString } from 'node:v8';

/** Of Node's own modules those that nearly every command loads, with what these load in turn. */
const BUILT_IN = [
  'child_process',
  'dns',
  'fs/promises',
  'http',
  'https',
  'perf_hooks',
  'process',
  'sqlite',
  'timers/promises',
  'tty',
  'worker_threads',
  'zlib',
];

// To be loaded before any flag of V8 is set: V8 takes compiled code only under the flags that it was compiled under (SerializedCodeData::SanityCheck), and Node
// brings that of its own modules along, for none. They would be compiled at every start, which took 37 of 266 ms.
for (const name of BUILT_IN) process.getBuiltinModule(`node:${name}`);
// Node keeps of a module what is compiled when it has been loaded. What waits for its first call would be compiled at every start: another 21 ms.
setFlagsFromString('--no-lazy');
