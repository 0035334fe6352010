import { z } from 'zod';
import { acceptanceSchema } from './acceptance-schema.ts';
import { erasureSchema } from './erasure-schema.ts';
import { portfolioSchema } from './portfolio-schema.ts';
import { privacyReportSchema } from './privacy-schema.ts';
import { runReportSchema } from './run-report-schema.ts';
import { standingPrivacySchema } from './standing-schema.ts';

/** JSON Schemas (draft 2020-12) of the files that other programs read, by their names in docs/schema/. */
export function publishedSchemas(): Readonly<Record<string, object>> {
  return {
    'run-report.schema.json': z.toJSONSchema(runReportSchema),
    'acceptance.schema.json': z.toJSONSchema(acceptanceSchema),
    'privacy-report.schema.json': z.toJSONSchema(privacyReportSchema),
    'standing-privacy.schema.json': z.toJSONSchema(standingPrivacySchema),
    'erasure.schema.json': z.toJSONSchema(erasureSchema),
    'portfolio.schema.json': z.toJSONSchema(portfolioSchema),
  };
}
