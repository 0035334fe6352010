import type { Decision } from '../domain/acceptance/acceptance.ts';
import type { Language } from './words.ts';

/** What `accept` asks and says. */
export interface AcceptWords {
  readonly report: (title: string, runId: string) => string;
  readonly digest: string;
  readonly differences: (count: number) => string;
  readonly others: (count: number) => string;
  readonly nothingOpen: string;
  readonly askWaive: (id: string) => string;
  readonly askDecision: string;
  readonly decisions: Readonly<Record<Decision, string>>;
  readonly askName: string;
  readonly askRole: string;
  readonly askReservation: string;
  readonly askOwner: string;
  readonly askDueDate: string;
  readonly askRemark: string;
  readonly askReason: string;
  readonly askConfirm: (decision: string, digest: string) => string;
  readonly needed: string;
  readonly badDate: string;
  readonly recorded: string;
}

const en: AcceptWords = {
  report: (title, runId) => `Report of ${title}, run ${runId}`,
  digest: 'SHA-256 of report.json',
  differences: (count) => `${count} ${count === 1 ? 'difference is' : 'differences are'} not explained`,
  others: (count) => `${count} other ${count === 1 ? 'point is' : 'points are'} open`,
  nothingOpen: 'Nothing is open.',
  askWaive: (id) => `Why is ${id} acceptable? (empty: it is not)`,
  askDecision: 'Decision',
  decisions: {
    accepted: 'accepted',
    'accepted-with-reservations': 'accepted with reservations',
    refused: 'refused',
  },
  askName: 'Your name',
  askRole: 'Your role',
  askReservation: 'Reservation (empty: no more)',
  askOwner: 'Who settles it',
  askDueDate: 'Until when (YYYY-MM-DD)',
  askRemark: 'Remark (may be empty)',
  askReason: 'Reason for the refusal',
  askConfirm: (decision, digest) => `Record "${decision}" on the report ${digest}?`,
  needed: 'needed',
  badDate: 'a date such as 2027-01-31',
  recorded: 'Recorded',
};

const fr: AcceptWords = {
  report: (title, runId) => `Rapport de ${title}, exécution ${runId}`,
  digest: 'Empreinte SHA-256 de report.json',
  differences: (count) =>
    count === 1 ? '1 différence n’est pas expliquée' : `${count} différences ne sont pas expliquées`,
  others: (count) => (count === 1 ? '1 autre point est ouvert' : `${count} autres points sont ouverts`),
  nothingOpen: 'Aucun point ouvert.',
  askWaive: (id) => `Pourquoi ${id} est-il acceptable ? (vide : il ne l’est pas)`,
  askDecision: 'Décision',
  decisions: {
    accepted: 'acceptée sans réserve',
    'accepted-with-reservations': 'acceptée avec réserves',
    refused: 'refusée',
  },
  askName: 'Votre nom',
  askRole: 'Votre fonction',
  askReservation: 'Réserve (vide : plus aucune)',
  askOwner: 'Qui la lève',
  askDueDate: 'Pour quand (AAAA-MM-JJ)',
  askRemark: 'Observation (peut rester vide)',
  askReason: 'Motif du refus',
  askConfirm: (decision, digest) => `Enregistrer « ${decision} » sur le rapport ${digest} ?`,
  needed: 'obligatoire',
  badDate: 'une date telle que 2027-01-31',
  recorded: 'Enregistré',
};

export const ACCEPT_WORDS: Readonly<Record<Language, AcceptWords>> = { en, fr };
