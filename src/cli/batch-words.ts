import type { Language } from './words.ts';

/** What approvals and runs of several use cases say. */
export interface BatchWords {
  readonly askApprove: (hash: string) => string;
  readonly approved: (by: string, hash: string) => string;
  readonly planDifference: Readonly<Record<'added' | 'removed' | 'changed' | 'content', string>>;
  readonly useCase: string;
  readonly wave: string;
  readonly exitCode: string;
  readonly duration: string;
  readonly batchStates: Readonly<
    Record<'good' | 'itemsOpen' | 'differs' | 'locked' | 'notApproved' | 'notBegun' | 'stopped' | 'failed', string>
  >;
  readonly notTold: string;
  readonly state: string;
  readonly volume: string;
  readonly files: string;
  readonly progress: string;
  readonly blockers: string;
  readonly lastBatches: string;
  readonly batchLine: (good: number, all: number) => string;
}

const en: BatchWords = {
  askApprove: (hash) => `Approve this plan (${hash})?`,
  approved: (by, hash) => `Approved by ${by}: ${hash}`,
  planDifference: {
    added: 'Added since it was approved',
    removed: 'Gone since it was approved',
    changed: 'Changed since it was approved',
    content: 'another version or definition',
  },
  useCase: 'use case',
  wave: 'wave',
  exitCode: 'exit code',
  duration: 'duration',
  batchStates: {
    good: 'all well',
    itemsOpen: 'items open',
    differs: 'DIFFERS',
    locked: 'locked',
    notApproved: 'not approved',
    notBegun: 'not begun',
    stopped: 'to go on',
    failed: 'failed',
  },
  notTold: 'Nobody was told',
  state: 'state',
  volume: 'volume',
  files: 'files',
  progress: 'files proven',
  blockers: 'to look at',
  lastBatches: 'Last batches',
  batchLine: (good, all) => `${good} of ${all} use cases ended well.`,
};

const fr: BatchWords = {
  askApprove: (hash) => `Approuver ce plan (${hash}) ?`,
  approved: (by, hash) => `Approuvé par ${by} : ${hash}`,
  planDifference: {
    added: 'Ajouté depuis l’approbation',
    removed: 'Disparu depuis l’approbation',
    changed: 'Modifié depuis l’approbation',
    content: 'autre version ou définition',
  },
  useCase: 'cas d’usage',
  wave: 'vague',
  exitCode: 'code',
  duration: 'durée',
  batchStates: {
    good: 'tout est bon',
    itemsOpen: 'éléments ouverts',
    differs: 'DIFFÈRE',
    locked: 'verrouillé',
    notApproved: 'non approuvé',
    notBegun: 'non commencé',
    stopped: 'à poursuivre',
    failed: 'en échec',
  },
  notTold: 'Personne n’a été prévenu',
  state: 'état',
  volume: 'volume',
  files: 'fichiers',
  progress: 'fichiers prouvés',
  blockers: 'à examiner',
  lastBatches: 'Dernières exécutions groupées',
  batchLine: (good, all) => `${good} cas d’usage sur ${all} se sont bien terminés.`,
};

export const BATCH_WORDS: Readonly<Record<Language, BatchWords>> = { en, fr };
