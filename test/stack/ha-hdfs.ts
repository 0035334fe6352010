import { join } from 'node:path';
import { run } from './cache.ts';
import { HadoopJava, NAME_NODE, startDataNode } from './hdfs.ts';
