import { z } from 'zod';
import { COLUMN_LIMITS } from '../domain/fingerprint/content-columns.ts';
import { VALUE_DIFFERENCES } from '../domain/fingerprint/value-difference.ts';

export const contentSchema = z
  .object({
    sourceFingerprint: z.string(),
    targetFingerprint: z.string(),
    columnsCompared: z.int().nonnegative(),
    limits: z
      .array(z.object({ column: z.string(), code: z.enum(COLUMN_LIMITS), text: z.string() }))
      .describe('What the comparison cannot see, column by column.'),
    samples: z.array(
      z.object({
        partition: z.string().optional(),
        row: z.string().describe('Beginning of the md5 of the row.'),
        kind: z.enum(['changed', 'missing', 'unexpected']),
        column: z.string().optional(),
        difference: z.enum(VALUE_DIFFERENCES).optional(),
        source: z.string().describe('Masked.'),
        target: z.string().describe('Masked.'),
      }),
    ),
  })
  .describe('Values compared by fingerprint: rows, and two sums in hex.');

export const queryCostSchema = z
  .object({
    estimatedBytes: z.int().nonnegative(),
    estimatedUsd: z.number().nonnegative(),
    scannedBytes: z.int().nonnegative(),
    scannedUsd: z.number().nonnegative(),
  })
  .describe('What reading the target is billed with.');
