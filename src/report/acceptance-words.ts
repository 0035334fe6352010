import type { Decision } from '../domain/acceptance/acceptance.ts';
import type { OpenPoint } from '../domain/acceptance/open-points.ts';
import type { Language } from './quantities.ts';

/** What the procès-verbal says, and the report of a run about it. */
export interface AcceptanceWords {
  readonly title: string;
  readonly documentTitle: (useCase: string) => string;
  readonly intro: (name: string, role: string, date: string) => string;
  readonly decisions: Readonly<Record<Decision, { readonly headline: string; readonly meaning: string }>>;
  readonly sections: Readonly<
    Record<'subject' | 'result' | 'reservations' | 'waivers' | 'remark' | 'earlier' | 'signatures' | 'check', string>
  >;
  readonly facts: Readonly<Record<'report' | 'lists' | 'decidedBy' | 'decidedAt' | 'recordedBy' | 'verdict', string>>;
  readonly head: Readonly<Record<'number' | 'reservation' | 'owner' | 'due' | 'id' | 'kind' | 'reason', string>>;
  readonly pointKinds: Readonly<Record<OpenPoint['kind'], string>>;
  readonly noReservations: string;
  readonly noWaivers: string;
  readonly openPoints: (count: string) => string;
  readonly waiversIntro: string;
  readonly signatories: readonly [string, string];
  readonly readApproved: string;
  readonly check: (file: string) => string;
  readonly footer: (tool: string) => string;
  /** In the report of the run. */
  readonly seeRecord: (file: string) => string;
}

const fr: AcceptanceWords = {
  title: 'Procès-verbal de recette',
  documentTitle: (useCase) => `Procès-verbal de recette : ${useCase}`,
  intro: (name, role, date) =>
    `Le ${date}, ${name}, ${role}, a pris connaissance du rapport de migration désigné ci-dessous et a pris la décision suivante.`,
  decisions: {
    accepted: { headline: 'Recette prononcée sans réserve', meaning: 'La migration est acceptée.' },
    'accepted-with-reservations': {
      headline: 'Recette prononcée avec réserves',
      meaning: 'La migration est acceptée. Les réserves ci-dessous restent à lever, chacune par son responsable.',
    },
    refused: { headline: 'Recette refusée', meaning: 'La migration n’est pas acceptée, pour le motif ci-dessous.' },
  },
  sections: {
    subject: 'Objet',
    result: 'Résultat soumis à la recette',
    reservations: 'Réserves',
    waivers: 'Écarts acceptés',
    remark: 'Observations',
    earlier: 'Décisions antérieures',
    signatures: 'Signatures',
    check: 'Vérifier ce procès-verbal',
  },
  facts: {
    report: 'Empreinte SHA-256 du rapport',
    lists: 'Empreintes SHA-256 des listes',
    decidedBy: 'Décision de',
    decidedAt: 'Décision du',
    recordedBy: 'Enregistrée par',
    verdict: 'Verdict du rapport',
  },
  head: {
    number: 'N°',
    reservation: 'Réserve',
    owner: 'Responsable',
    due: 'À lever avant le',
    id: 'Repère',
    kind: 'Nature',
    reason: 'Motif de l’acceptation',
  },
  pointKinds: {
    difference: 'différence',
    drift: 'modifié depuis la copie',
    unchecked: 'non comparé',
    item: 'élément non abouti',
    check: 'contrôle métier en échec',
  },
  noReservations: 'Aucune réserve.',
  noWaivers: 'Aucun écart n’a été accepté.',
  openPoints: (count) => `Points restés ouverts dans le rapport et couverts par les réserves : ${count}.`,
  waiversIntro: 'Chacun de ces écarts a été accepté nommément, pour le motif indiqué.',
  signatories: ['Pour le métier (maîtrise d’ouvrage)', 'Pour la DSI (maîtrise d’œuvre)'],
  readApproved: 'Nom, fonction, date, mention « lu et approuvé »',
  check: (file) =>
    `L’empreinte SHA-256 de ${file} doit être celle qui figure ci-dessus (commande sha256sum). Le dossier de preuves se contrôle par « lakelift verify-evidence ».`,
  footer: (tool) => `Établi par lakelift ${tool}. Heures en UTC.`,
  seeRecord: (file) => `Le procès-verbal est dans ${file}, livré avec ce rapport.`,
};

const en: AcceptanceWords = {
  title: 'Acceptance record',
  documentTitle: (useCase) => `Acceptance record: ${useCase}`,
  intro: (name, role, date) =>
    `On ${date}, ${name}, ${role}, took note of the migration report named below and decided as follows.`,
  decisions: {
    accepted: { headline: 'Accepted without reservations', meaning: 'The migration is accepted.' },
    'accepted-with-reservations': {
      headline: 'Accepted with reservations',
      meaning: 'The migration is accepted. The reservations below remain to be settled, each by its owner.',
    },
    refused: { headline: 'Refused', meaning: 'The migration is not accepted, for the reason below.' },
  },
  sections: {
    subject: 'Subject',
    result: 'Result put up for acceptance',
    reservations: 'Reservations',
    waivers: 'Deviations accepted',
    remark: 'Remarks',
    earlier: 'Earlier decisions',
    signatures: 'Signatures',
    check: 'Checking this record',
  },
  facts: {
    report: 'SHA-256 of the report',
    lists: 'SHA-256 of the lists',
    decidedBy: 'Decided by',
    decidedAt: 'Decided on',
    recordedBy: 'Recorded by',
    verdict: 'Verdict of the report',
  },
  head: {
    number: 'No.',
    reservation: 'Reservation',
    owner: 'Owner',
    due: 'Due on',
    id: 'Id',
    kind: 'What',
    reason: 'Reason for accepting it',
  },
  pointKinds: {
    difference: 'difference',
    drift: 'changed since the copy',
    unchecked: 'not compared',
    item: 'item not settled well',
    check: 'business check failed',
  },
  noReservations: 'No reservations.',
  noWaivers: 'No deviation was accepted.',
  openPoints: (count) => `Points left open in the report and covered by the reservations: ${count}.`,
  waiversIntro: 'Each of these deviations was accepted by name, for the reason given.',
  signatories: ['For the business', 'For the IT department'],
  readApproved: 'Name, role, date, "read and approved"',
  check: (file) =>
    `The SHA-256 of ${file} must be the one above (command sha256sum). The evidence pack is checked by "lakelift verify-evidence".`,
  footer: (tool) => `Drawn up by lakelift ${tool}. Times in UTC.`,
  seeRecord: (file) => `The acceptance record is in ${file}, delivered with this report.`,
};

export const ACCEPTANCE_WORDS: Readonly<Record<Language, AcceptanceWords>> = { en, fr };
