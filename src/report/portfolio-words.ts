import type { Blocker, Stage } from '../domain/portfolio.ts';
import type { Language } from './quantities.ts';

export interface PortfolioWords {
  readonly title: string;
  readonly headline: (accepted: string, all: string) => string;
  readonly drawn: (date: string) => string;
  readonly stages: Readonly<Record<Stage, string>>;
  readonly sections: Readonly<Record<'waves' | 'volume' | 'useCases' | 'batches' | 'history', string>>;
  readonly figures: Readonly<Record<'useCases' | 'accepted' | 'volume' | 'files', string>>;
  readonly head: Readonly<
    Record<
      | 'useCase'
      | 'wave'
      | 'stage'
      | 'lastRun'
      | 'open'
      | 'files'
      | 'volume'
      | 'tables'
      | 'state'
      | 'run'
      | 'duration'
      | 'by'
      | 'endedWell',
      string
    >
  >;
  readonly blockers: Readonly<Record<Blocker['kind'], string>>;
  /** Of the files of the last plan. */
  readonly proven: (percent: string) => string;
  readonly wave: (wave: number) => string;
  readonly neverRun: string;
  readonly volumeLine: (volume: string, date: string) => string;
  readonly footer: (tool: string) => string;
}

const en: PortfolioWords = {
  title: 'Migration portfolio',
  headline: (accepted, all) => `${accepted} of ${all} use cases accepted`,
  drawn: (date) => `Drawn on ${date}`,
  stages: {
    new: 'to be mapped',
    mapped: 'to be planned',
    planned: 'to be approved',
    approved: 'approved, to be run',
    running: 'running',
    unfinished: 'run not finished',
    open: 'points open',
    identical: 'identical, to be accepted',
    refused: 'refused',
    accepted: 'accepted',
  },
  sections: {
    waves: 'Progress by wave',
    volume: 'Volume proven over time',
    useCases: 'Use cases',
    batches: 'History of waves',
    history: 'History of runs',
  },
  figures: { useCases: 'use cases', accepted: 'accepted', volume: 'proven at the target', files: 'files proven' },
  head: {
    useCase: 'Use case',
    wave: 'Wave',
    stage: 'Stage',
    lastRun: 'Last run',
    open: 'To look at',
    files: 'Files',
    volume: 'Volume',
    tables: 'Tables',
    state: 'State',
    run: 'Run',
    duration: 'Duration',
    by: 'Started by',
    endedWell: 'Ended well',
  },
  blockers: { refused: 'refused', undecided: 'undecided', failed: 'failed', differences: 'differ' },
  proven: (percent) => `${percent} % of the plan`,
  wave: (wave) => `Wave ${wave}`,
  neverRun: 'never run',
  volumeLine: (volume, date) => `${volume} on ${date}`,
  footer: (tool) => `Drawn up by lakelift ${tool}. Times in UTC.`,
};

const fr: PortfolioWords = {
  title: 'Portefeuille de migration',
  headline: (accepted, all) => `${accepted} cas d’usage acceptés sur ${all}`,
  drawn: (date) => `Établi le ${date}`,
  stages: {
    new: 'correspondance à établir',
    mapped: 'à planifier',
    planned: 'à approuver',
    approved: 'approuvé, à exécuter',
    running: 'en cours',
    unfinished: 'exécution inachevée',
    open: 'points ouverts',
    identical: 'identique, recette à prononcer',
    refused: 'recette refusée',
    accepted: 'recette prononcée',
  },
  sections: {
    waves: 'Avancement par vague',
    volume: 'Volume prouvé au fil du temps',
    useCases: 'Cas d’usage',
    batches: 'Historique des vagues',
    history: 'Historique des exécutions',
  },
  figures: { useCases: 'cas d’usage', accepted: 'acceptés', volume: 'prouvés sur la cible', files: 'fichiers prouvés' },
  head: {
    useCase: 'Cas d’usage',
    wave: 'Vague',
    stage: 'Étape',
    lastRun: 'Dernière exécution',
    open: 'À examiner',
    files: 'Fichiers',
    volume: 'Volume',
    tables: 'Tables',
    state: 'État',
    run: 'Exécution',
    duration: 'Durée',
    by: 'Lancée par',
    endedWell: 'Bien terminés',
  },
  blockers: { refused: 'refusés', undecided: 'à décider', failed: 'en échec', differences: 'en écart' },
  proven: (percent) => `${percent} % du plan`,
  wave: (wave) => `Vague ${wave}`,
  neverRun: 'jamais exécuté',
  volumeLine: (volume, date) => `${volume} le ${date}`,
  footer: (tool) => `Établi par lakelift ${tool}. Heures en UTC.`,
};

export const PORTFOLIO_WORDS: Readonly<Record<Language, PortfolioWords>> = { en, fr };
