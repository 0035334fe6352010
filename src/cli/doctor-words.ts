import type { Language } from './words.ts';

/** What was tried, and what was found. */
export interface DoctorWords {
  readonly stateDirectory: string;
  readonly hiveSchemas: string;
  readonly bucket: (zone: string) => string;
  readonly stateBucket: string;
  readonly sourceEngine: (name: string) => string;
  readonly targetEngine: (name: string) => string;
  readonly hiveServer2: string;
  readonly staging: string;
  readonly entries: (count: number) => string;
  readonly databases: (count: number) => string;
  readonly canBeWritten: (place: string) => string;
  readonly underConditions: (place: string) => string;
  readonly catalogAnswers: (hasDefault: boolean) => string;
  readonly queryGives: (value: string | undefined) => string;
  readonly converts: (databases: number, useCases: string) => string;
  readonly noStaging: string;
  readonly stagingAt: (folder: StagingPlace, database: StagingPlace) => string;
}

interface StagingPlace {
  readonly name: string;
  readonly exists: boolean;
}

const standing = ({ exists }: StagingPlace): string => (exists ? 'exists' : 'is made by the first conversion');
const present = ({ exists }: StagingPlace): string => (exists ? 'existe' : 'est créé par la première conversion');

export const DOCTOR_WORDS: Readonly<Record<Language, DoctorWords>> = {
  en: {
    stateDirectory: 'state directory',
    hiveSchemas: 'Hive schemas',
    bucket: (zone) => `${zone} bucket`,
    stateBucket: 'state bucket',
    sourceEngine: (name) => `SQL engine of the source, ${name}`,
    targetEngine: (name) => `SQL engine of the target, ${name}`,
    hiveServer2: 'HiveServer2 for conversions',
    staging: 'staging folder',
    entries: (count) => `root lists ${count} entries`,
    databases: (count) => `${count} databases`,
    canBeWritten: (place) => `${place} can be listed and written`,
    underConditions: (place) => `${place} can be written, under conditions`,
    catalogAnswers: (hasDefault) => `answers; database "default" ${hasDefault ? 'exists' : 'does not exist'}`,
    queryGives: (value) => `SELECT 1 gives ${value ?? 'nothing'}`,
    converts: (databases, useCases) => `answers (${databases} databases); converts tables of ${useCases}`,
    noStaging: 'none is configured',
    stagingAt: (folder, database) =>
      `${folder.name} ${standing(folder)}; database ${database.name} ${standing(database)}`,
  },
  fr: {
    stateDirectory: 'dossier d’état',
    hiveSchemas: 'schémas Hive',
    bucket: (zone) => `bucket ${zone}`,
    stateBucket: 'bucket d’état',
    sourceEngine: (name) => `moteur SQL de la source, ${name}`,
    targetEngine: (name) => `moteur SQL de la cible, ${name}`,
    hiveServer2: 'HiveServer2 pour les conversions',
    staging: 'dossier de préparation',
    entries: (count) => `la racine contient ${count} entrée${count > 1 ? 's' : ''}`,
    databases: (count) => `${count} base${count > 1 ? 's' : ''}`,
    canBeWritten: (place) => `${place} peut être lu et écrit`,
    underConditions: (place) => `${place} peut être écrit, sous conditions`,
    catalogAnswers: (hasDefault) => `répond ; la base « default » ${hasDefault ? 'existe' : 'n’existe pas'}`,
    queryGives: (value) => `SELECT 1 donne ${value ?? 'rien'}`,
    converts: (databases, useCases) =>
      `répond (${databases} base${databases > 1 ? 's' : ''}) ; convertit des tables de ${useCases}`,
    noStaging: 'aucun n’est configuré',
    stagingAt: (folder, database) =>
      `${folder.name} ${present(folder)} ; la base ${database.name} ${present(database)}`,
  },
};
