import type { RunApproval } from '../domain/approval.ts';
import type { Language } from './quantities.ts';

type Sentence = (by: string, at: string) => string;

/** On what ground a plan was run, in one line. */
export const APPROVAL_WORDS: Readonly<Record<Language, Readonly<Record<RunApproval['way'], Sentence>>>> = {
  en: {
    recorded: (by, at) => `Approved by ${by} on ${at}`,
    answered: (by, at) => `Approved at the terminal by ${by} on ${at}`,
    hash: (by, at) => `Fingerprint given by ${by} on ${at}`,
    unseen: (by, at) => `Not looked at: ${by} asked for whatever the plan would be (--yes) on ${at}`,
  },
  fr: {
    recorded: (by, at) => `Approuvé par ${by} le ${at}`,
    answered: (by, at) => `Approuvé au terminal par ${by} le ${at}`,
    hash: (by, at) => `Empreinte donnée par ${by} le ${at}`,
    unseen: (by, at) => `Non relu : ${by} a demandé l’exécution quel que soit le plan (--yes) le ${at}`,
  },
};
