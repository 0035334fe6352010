import type { AcceptanceDraft } from '../domain/acceptance/judge-acceptance.ts';
import { DECISIONS, type Reservation, type Waiver } from '../domain/acceptance/acceptance.ts';
import type { OpenPoint, OpenPoints } from '../domain/acceptance/open-points.ts';
import { ACCEPT_WORDS, type AcceptWords } from './accept-words.ts';
import { isDay } from './acceptance-options.ts';
import { askChoice, askText, askYesOrNo } from './ask.ts';
import { visible, type Terminal } from './terminal.ts';

/** Asks a person for a decision; undefined when they decline to record it. What was given on the command line is not asked again. */
export async function askAcceptance(
  terminal: Terminal,
  open: OpenPoints,
  given: Partial<AcceptanceDraft> & { readonly sha256: string },
): Promise<AcceptanceDraft | undefined> {
  const told = ACCEPT_WORDS[terminal.language];
  const asked = await askWaivers(terminal, told, open.differences.shown);
  const waivers = [...(given.waivers ?? []), ...asked];
  const decision =
    given.decision ??
    (await askChoice(
      told.askDecision,
      DECISIONS.map((value) => ({ value, name: told.decisions[value] })),
    ));
  const reservations =
    decision === 'accepted-with-reservations' && (given.reservations ?? []).length === 0
      ? await askReservations(told)
      : (given.reservations ?? []);
  const remark = given.remark ?? (await askRemark(told, decision === 'refused'));
  const by = given.by ?? { name: await askNeeded(told, told.askName), role: await askNeeded(told, told.askRole) };
  const draft = { decision, by, reservations, waivers, ...(remark === '' ? {} : { remark }) };
  const isSure = await askYesOrNo(told.askConfirm(told.decisions[decision], given.sha256.slice(0, 12)));
  return isSure ? draft : undefined;
}

async function askWaivers(terminal: Terminal, told: AcceptWords, points: readonly OpenPoint[]): Promise<Waiver[]> {
  const waivers: Waiver[] = [];
  for (const { id, scope, subject, detail } of points) {
    terminal.say(`${id}  ${visible(scope)}: ${visible(subject)}: ${visible(detail)}`);
    const reason = (await askText(told.askWaive(id), () => true)).trim();
    // One that stays unexplained makes the acceptance impossible: no use asking about the rest.
    if (reason === '') break;
    waivers.push({ id, reason });
  }
  return waivers;
}

async function askReservations(told: AcceptWords): Promise<Reservation[]> {
  const reservations: Reservation[] = [];
  for (;;) {
    const isFirst = reservations.length === 0;
    const text = (
      await askText(told.askReservation, (answer) => !isFirst || answer.trim() !== '' || told.needed)
    ).trim();
    if (text === '') return reservations;
    const owner = await askNeeded(told, told.askOwner);
    const dueDate = await askText(told.askDueDate, (answer) => isDay(answer.trim()) || told.badDate);
    reservations.push({ text, owner, dueDate: dueDate.trim() });
  }
}

function askRemark(told: AcceptWords, isNeeded: boolean): Promise<string> {
  return isNeeded ? askNeeded(told, told.askReason) : askText(told.askRemark, () => true);
}

async function askNeeded(told: AcceptWords, question: string): Promise<string> {
  return (await askText(question, (answer) => answer.trim() !== '' || told.needed)).trim();
}
