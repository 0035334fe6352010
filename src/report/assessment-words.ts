import type { RankReason, Severity } from '../domain/assessment/assessment.ts';
import type { Language } from './quantities.ts';

export interface AssessmentWords {
  readonly title: string;
  readonly headline: (tables: string, size: string) => string;
  readonly drawn: (date: string, from: 'image' | 'live') => string;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly reasons: Readonly<Record<RankReason, string>>;
  readonly sections: Readonly<Record<'quickWins' | 'shared' | 'findings' | 'inventory' | 'others' | 'reading', string>>;
  readonly figures: Readonly<Record<'tables' | 'files' | 'size' | 'unassigned', string>>;
  readonly head: Readonly<
    Record<
      | 'rank'
      | 'useCase'
      | 'wave'
      | 'effort'
      | 'size'
      | 'files'
      | 'why'
      | 'item'
      | 'useCases'
      | 'findings'
      | 'partitions'
      | 'lastUse'
      | 'severity'
      | 'code'
      | 'text'
      | 'folder',
      string
    >
  >;
  readonly days: (days: string) => string;
  readonly unknown: string;
  readonly nothing: string;
  readonly andMore: (count: string) => string;
  readonly reading: readonly string[];
  readonly footer: (tool: string) => string;
}

const en: AssessmentWords = {
  title: 'Assessment of the lake',
  headline: (tables, size) => `${tables} tables and views, ${size}`,
  drawn: (date, from) =>
    `Drawn on ${date}; sizes ${from === 'image' ? 'from an image of the NameNode' : 'asked of the NameNode'}`,
  severities: { blocking: 'blocking', decision: 'to decide', attention: 'attention', note: 'note' },
  reasons: {
    'nothing-to-decide': 'nothing to decide',
    'little-to-decide': 'little to decide',
    'much-to-decide': 'much to decide',
    blocked: 'something cannot be taken over as it stands',
    small: 'small',
    large: 'large',
    'stands-alone': 'shares nothing with others',
    'shares-tables': 'shares tables, which move once',
    'needs-others-first': 'its views read what others bring',
    'no-personal-data': 'no personal data in its columns',
    'many-personal-columns': 'many personal columns to review',
  },
  sections: {
    quickWins: 'Use cases, quick wins first',
    shared: 'What use cases share',
    findings: 'Findings by severity',
    inventory: 'Inventory',
    others: 'Files of no table and no use case',
    reading: 'How to read this',
  },
  figures: { tables: 'tables and views', files: 'files', size: 'in all', unassigned: 'in no use case yet' },
  head: {
    rank: 'Rank',
    useCase: 'Use case',
    wave: 'Proposed wave',
    effort: 'Effort',
    size: 'Size',
    files: 'Files',
    why: 'Why',
    item: 'Table, view or folder',
    useCases: 'Use cases',
    findings: 'Findings',
    partitions: 'Partitions',
    lastUse: 'Last use',
    severity: 'Severity',
    code: 'Code',
    text: 'What',
    folder: 'Folder',
  },
  days: (days) => `${days} d`,
  unknown: '–',
  nothing: 'none',
  andMore: (count) => `… and ${count} more, in the CSV and JSON beside this page`,
  reading: [
    'Effort is in person-days, for review and decisions; it is rough and reckoned alike for all, so that use cases can be compared. Copying is the machine’s work.',
    'The order puts the least effort first. What a use case is worth, its owner knows: move it by hand where that counts more.',
    'A plan of a use case ("lakelift plan") looks at every partition and file as well, and has the last word.',
  ],
  footer: (tool) => `Drawn up by lakelift ${tool}. Times in UTC.`,
};

const fr: AssessmentWords = {
  title: 'État des lieux du lac',
  headline: (tables, size) => `${tables} tables et vues, ${size}`,
  drawn: (date, from) =>
    `Établi le ${date} ; volumes ${from === 'image' ? 'tirés d’une image du NameNode' : 'demandés au NameNode'}`,
  severities: { blocking: 'bloquant', decision: 'à décider', attention: 'attention', note: 'note' },
  reasons: {
    'nothing-to-decide': 'rien à décider',
    'little-to-decide': 'peu à décider',
    'much-to-decide': 'beaucoup à décider',
    blocked: 'un élément ne peut être repris tel quel',
    small: 'petit volume',
    large: 'grand volume',
    'stands-alone': 'ne partage rien',
    'shares-tables': 'partage des tables, déplacées une seule fois',
    'needs-others-first': 'ses vues lisent ce que d’autres apportent',
    'no-personal-data': 'aucune donnée personnelle dans ses colonnes',
    'many-personal-columns': 'beaucoup de colonnes personnelles à revoir',
  },
  sections: {
    quickWins: 'Cas d’usage, gains rapides d’abord',
    shared: 'Ce que les cas d’usage partagent',
    findings: 'Constats par gravité',
    inventory: 'Inventaire',
    others: 'Fichiers sans table ni cas d’usage',
    reading: 'Comment lire cette page',
  },
  figures: { tables: 'tables et vues', files: 'fichiers', size: 'au total', unassigned: 'sans cas d’usage' },
  head: {
    rank: 'Rang',
    useCase: 'Cas d’usage',
    wave: 'Vague proposée',
    effort: 'Charge',
    size: 'Volume',
    files: 'Fichiers',
    why: 'Pourquoi',
    item: 'Table, vue ou dossier',
    useCases: 'Cas d’usage',
    findings: 'Constats',
    partitions: 'Partitions',
    lastUse: 'Dernier usage',
    severity: 'Gravité',
    code: 'Code',
    text: 'Constat',
    folder: 'Dossier',
  },
  days: (days) => `${days} j`,
  unknown: '–',
  nothing: 'aucun',
  andMore: (count) => `… et ${count} autres, dans le CSV et le JSON joints à cette page`,
  reading: [
    'La charge est en jours-personne, pour la revue et les décisions ; elle est grossière et comptée de même pour tous, afin de comparer. La copie est le travail de la machine.',
    'L’ordre met la moindre charge en tête. Ce que vaut un cas d’usage, son responsable le sait : le déplacer à la main là où cela compte davantage.',
    'Le plan d’un cas d’usage (« lakelift plan ») regarde aussi chaque partition et chaque fichier, et a le dernier mot.',
  ],
  footer: (tool) => `Établi par lakelift ${tool}. Heures en UTC.`,
};

export const ASSESSMENT_WORDS: Readonly<Record<Language, AssessmentWords>> = { en, fr };
