import { z } from 'zod';

export const count = z.int().nonnegative();
export const bytes = z.int().nonnegative().describe('Bytes.');
export const isoTime = z.iso.datetime().describe('ISO 8601, UTC.');
export const verdict = z.enum(['identical', 'differences', 'incomplete']);

type Plain<Value> = Value extends string
  ? string
  : Value extends object
    ? { -readonly [Name in keyof Value]: Plain<Value[Name]> }
    : Value;

/** True where a schema and a type say the same, looked at from both sides, so that neither can be changed alone. */
export type SaysTheSame<Schema extends z.ZodType, Type> =
  Plain<Type> extends Plain<z.infer<Schema>> ? (Plain<z.infer<Schema>> extends Plain<Type> ? true : never) : never;
