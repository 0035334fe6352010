import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supportMatrix } from './support-matrix.ts';

writeFileSync(join(import.meta.dirname, '../../docs/support-matrix.md'), supportMatrix());
