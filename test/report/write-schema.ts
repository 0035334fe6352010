import { writeFileSync } from 'node:fs';
import { runReportJsonSchema } from '../../src/report/run-report-schema.ts';

writeFileSync('docs/schema/run-report.schema.json', `${JSON.stringify(runReportJsonSchema(), undefined, 2)}\n`);
