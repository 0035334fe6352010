import type { ErasureRecord, PublishedCopy } from '../domain/privacy/erasure.ts';
import type { EmptiedSmallFiles } from '../steps/zones/empty-small-files.ts';
import type { PublishOutcome } from '../steps/zones/publish-dataset.ts';
import type { CopyWords } from './erase-words.ts';
import type { Language } from './words.ts';

export interface ZonesWords {
  /** Dataset, target, rows read, rows, suppressed, smallest class, result. */
  readonly head: readonly string[];
  /** Dataset, target, rows, columns with new pseudonyms, result. */
  readonly rotationHead: readonly string[];
  readonly outcomes: Readonly<Record<PublishOutcome | 'not-written', string>>;
  /** A check that is broken, and only to be warned of. */
  readonly warning: (check: string, failing: number) => string;
  /** Anonymity counts rows, although there are pseudonyms to count people by. */
  readonly countsRows: (pseudonyms: readonly string[]) => string;
  /** Of classes that were too small. */
  readonly blanked: (cells: number, rows: number) => string;
  readonly privacy: (page: string) => string;
  /** Of what functions had written in this table: how many objects a build has read the sources of, and how many stay. */
  readonly smallFiles: (table: string, figures: EmptiedSmallFiles) => string;
  /** An erasure was cut off: what is built now holds the person again, as long as raw does. */
  readonly erasureOpen: (begun: Pick<ErasureRecord, 'by' | 'begunAt'>) => string;
  /** What a rotation leaves as it is, by its place and how many objects stand there. */
  readonly notRotated: Readonly<Record<PublishedCopy['kind'], CopyWords>>;
  /** Before somebody destroys keys of these versions. */
  readonly keepKeys: (versions: string) => string;
  readonly dsn: (name: string, files: string) => string;
  readonly incomplete: (files: string) => string;
  readonly quarantined: (count: string) => string;
  readonly keptIn: (where: string) => string;
}

export const ZONES_WORDS: Readonly<Record<Language, ZonesWords>> = {
  en: {
    head: ['dataset', 'target', 'rows read', 'rows', 'suppressed', 'smallest class', 'result'],
    rotationHead: ['dataset', 'target', 'rows', 'new pseudonyms in', 'result'],
    outcomes: { created: 'created', updated: 'updated', unchanged: 'unchanged', 'not-written': 'not written' },
    warning: (check, failing) => `check not passed: ${check} (${failing})`,
    countsRows: (pseudonyms) =>
      `k counts rows, and a person may have several; to count people, say which of these stand for one, under anonymity: of: [${pseudonyms.join(', ')}]`,
    blanked: (cells, rows) => `${cells} cells emptied, so that ${rows} rows could stay`,
    privacy: (page) => `Privacy report: ${page}`,
    smallFiles: (table, { emptied, left, failure }) =>
      failure === undefined
        ? `${table}: ${emptied} object(s) emptied, whose sources this build has read, and ${left} left (of sources that it has not, under another key, written anew since, or not of the function)`
        : `${table}: ${emptied} object(s) emptied, whose sources this build has read, and no more: ${failure}. Rows may stand in both tables: build again once that is mended.`,
    erasureOpen: ({ by, begunAt }) =>
      `The erasure that ${by} began at ${begunAt} has not ended: what is built from raw may hold that person again. Run it once more.`,
    notRotated: {
      'small-files': (place, objects) =>
        `${place}: ${objects} object(s) not rotated: not of its function, or with pseudonyms of a key before the last and none of those in between under "earlier". Have the function take their sources again with the new key, or remove them once a build has their rows.`,
      'serving-files': (place, objects) =>
        `${place}: ${objects} object(s) keep pseudonyms of before, or are not of "serve": serve again, refresh, then remove what stands there.`,
      'serving-tables': (place, _, reason) =>
        `${place} of DynamoDB keeps pseudonyms of before, or cannot be looked into (${reason}): serve again, refresh, then delete all tables but the new one.`,
    },
    keepKeys: (versions) =>
      `Without the keys of versions ${versions}, nobody can be found to be erased from what was rotated: keep them as long as that may be asked for, or build again from raw under the new key alone first.`,
    dsn: (name, files) => `${name}: DSN files read: ${files}`,
    incomplete: (files) => `  not as complete as their trailer says: ${files}`,
    quarantined: (count) => `  in quarantine: ${count}`,
    keptIn: (where) => `  kept, with file and line, in ${where}`,
  },
  fr: {
    head: ['jeu de données', 'cible', 'lignes lues', 'lignes', 'supprimées', 'plus petit groupe', 'résultat'],
    rotationHead: ['jeu de données', 'cible', 'lignes', 'nouveaux pseudonymes dans', 'résultat'],
    outcomes: { created: 'créé', updated: 'mis à jour', unchanged: 'inchangé', 'not-written': 'non écrit' },
    warning: (check, failing) => `contrôle non respecté : ${check} (${failing})`,
    countsRows: (pseudonyms) =>
      `k compte des lignes, et une personne peut en avoir plusieurs ; pour compter des personnes, dire lesquels la désignent, sous anonymity : of: [${pseudonyms.join(', ')}]`,
    blanked: (cells, rows) => `${cells} cellules vidées, pour garder ${rows} lignes`,
    privacy: (page) => `Rapport de protection des données : ${page}`,
    smallFiles: (table, { emptied, left, failure }) =>
      failure === undefined
        ? `${table} : ${emptied} objet(s) vidés, dont cette construction a lu les sources, et ${left} laissés (de sources qu’elle n’a pas lues, sous une autre clé, récrits depuis, ou pas de la fonction)`
        : `${table} : ${emptied} objet(s) vidés, dont cette construction a lu les sources, et pas plus : ${failure}. Des lignes peuvent se trouver dans les deux tables : construire à nouveau une fois cela réglé.`,
    erasureOpen: ({ by, begunAt }) =>
      `L’effacement commencé par ${by} le ${begunAt} n’est pas terminé : ce qui est construit depuis raw peut contenir à nouveau cette personne. À relancer.`,
    notRotated: {
      'small-files': (place, objects) =>
        `${place} : ${objects} objet(s) gardent leurs pseudonymes : pas de la fonction, ou d’une clé d’avant la dernière, sans celles d’entre les deux sous « earlier ». Faire reprendre leurs sources par la fonction avec la nouvelle clé, ou les retirer une fois qu’une construction en a les lignes.`,
      'serving-files': (place, objects) =>
        `${place} : ${objects} objet(s) gardent leurs pseudonymes d’avant, ou ne sont pas de « serve » : servir à nouveau, rafraîchir, puis retirer ce qui s’y trouve.`,
      'serving-tables': (place, _, reason) =>
        `${place} de DynamoDB garde ses pseudonymes d’avant, ou ne peut être parcourue (${reason}) : servir à nouveau, rafraîchir, puis supprimer toutes les tables sauf la nouvelle.`,
    },
    keepKeys: (versions) =>
      `Sans les clés des versions ${versions}, personne ne peut être trouvé pour être effacé de ce qui a été tourné : les garder tant que cela peut être demandé, ou reconstruire d’abord depuis raw avec la seule nouvelle clé.`,
    dsn: (name, files) => `${name} : fichiers DSN lus : ${files}`,
    incomplete: (files) => `  moins complets que ne le dit leur total : ${files}`,
    quarantined: (count) => `  en quarantaine : ${count}`,
    keptIn: (where) => `  conservés, avec fichier et ligne, dans ${where}`,
  },
};
