import type { ReconcileCheck } from '../domain/reconciliation.ts';

/** What is compared, as the report calls it. */
export const CHECK_WORDS = {
  fr: {
    files: 'Fichiers',
    table: 'Réglages de la table',
    columns: 'Colonnes',
    partitions: 'Partitions',
    statistics: 'Statistiques',
    'read-back': 'Relecture',
    rows: 'Lignes',
    content: 'Valeurs',
  },
  en: {
    files: 'Files',
    table: 'Table settings',
    columns: 'Columns',
    partitions: 'Partitions',
    statistics: 'Statistics',
    'read-back': 'Read back',
    rows: 'Rows',
    content: 'Values',
  },
} as const satisfies Readonly<Record<'fr' | 'en', Readonly<Record<ReconcileCheck, string>>>>;
