import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { readYaml } from '../config/read-yaml.ts';
import { DECISIONS, type Decision, type Reservation, type Waiver } from '../domain/acceptance/acceptance.ts';
import { LakeliftError } from '../errors.ts';

export interface AcceptOptions {
  readonly run?: string;
  readonly report?: string;
  readonly decision?: string;
  readonly by?: string;
  readonly role?: string;
  readonly reservation: readonly string[];
  readonly waive: readonly string[];
  readonly waivers?: string;
  readonly remark?: string;
  readonly list?: boolean;
  readonly pdf?: boolean;
}

export function decisionOf(text: string): Decision {
  const found = DECISIONS.find((decision) => decision === text);
  if (found !== undefined) return found;
  throw usage('DECISION_UNKNOWN', `"${text}" is no decision`, `Give one of ${DECISIONS.join(', ')}.`);
}

/** `text | owner | YYYY-MM-DD` */
export function reservationOf(text: string): Reservation {
  const parts = text.split('|').map((part) => part.trim());
  const dueDate = parts.at(-1) ?? '';
  const owner = parts.at(-2) ?? '';
  const what = parts.slice(0, -2).join(' | ');
  if (parts.length >= 3 && what !== '' && owner !== '' && isDay(dueDate)) return { text: what, owner, dueDate };
  throw usage(
    'RESERVATION_INVALID',
    `"${text}" names no text, owner and date`,
    'Give --reservation "text | owner | YYYY-MM-DD".',
  );
}

/** A day of the calendar: 2027-02-30 is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const waiversSchema = z.array(z.strictObject({ id: z.string().min(1), reason: z.string().trim().min(1) }));

/** Waivers of the command line and of a file. */
export async function waiversOf(root: string, { waive, waivers: file }: AcceptOptions): Promise<Waiver[]> {
  const given = waive.map(waiverOf);
  if (file === undefined) return given;
  const path = isAbsolute(file) ? file : join(root, file);
  const { value } = await readYaml(path, waiversSchema, 'A list in YAML or JSON, each entry with id and reason.');
  return [...given, ...value];
}

function waiverOf(text: string): Waiver {
  const at = text.indexOf('=');
  const [id, reason] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && reason !== '') return { id, reason };
  throw usage('WAIVER_INVALID', `"${text}" names no point and reason`, 'Give --waive "<id>=<reason>".');
}

function usage(code: string, message: string, hint: string): LakeliftError {
  return new LakeliftError(message, { kind: 'usage', code, hint });
}
