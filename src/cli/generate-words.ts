import type { FileChange } from '../generate/tree-change.ts';
import type { Language } from './words.ts';

export interface GenerateWords {
  readonly changes: Readonly<Record<FileChange['change'], string>>;
  readonly edited: string;
  readonly upToDate: (folder: string, files: number) => string;
  readonly written: (folder: string, changed: number) => string;
  readonly wouldWrite: (folder: string, changed: number) => string;
}

export const GENERATE_WORDS: Readonly<Record<Language, GenerateWords>> = {
  en: {
    changes: { create: 'new', update: 'changed', remove: 'removed', none: 'unchanged' },
    edited: 'edited by hand',
    upToDate: (folder, files) => `${folder} is up to date (${files} files).`,
    written: (folder, changed) =>
      `${folder}: ${changed} files written or removed. Review them before they are deployed.`,
    wouldWrite: (folder, changed) => `${folder}: ${changed} files would be written or removed.`,
  },
  fr: {
    changes: { create: 'nouveau', update: 'modifié', remove: 'supprimé', none: 'inchangé' },
    edited: 'modifié à la main',
    upToDate: (folder, files) => `${folder} est à jour (${files} fichiers).`,
    written: (folder, changed) =>
      `${folder} : ${changed} fichiers écrits ou supprimés. À relire avant tout déploiement.`,
    wouldWrite: (folder, changed) => `${folder} : ${changed} fichiers seraient écrits ou supprimés.`,
  },
};
