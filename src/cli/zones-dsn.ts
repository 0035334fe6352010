import { formatCount } from '../report/quantities.ts';
import type { DsnFolder } from '../steps/zones/read-dsn-folder.ts';
import { visible, type Terminal } from './terminal.ts';
import { ZONES_WORDS } from './zones-words.ts';

/** DSN files, and where what is wrong in them was kept. */
export interface ReadDsn {
  readonly folder: DsnFolder;
  readonly quarantine: string | undefined;
}

export function isWhole({ files }: DsnFolder): boolean {
  return files.every(({ isComplete, faultCount }) => isComplete && faultCount === 0);
}

export function dsnFigures({ folder: { as, files }, quarantine }: ReadDsn) {
  return {
    name: as,
    files: files.length,
    incompleteFiles: files.filter(({ isComplete }) => !isComplete).length,
    rubrics: files.reduce((sum, { rubricCount }) => sum + rubricCount, 0),
    inQuarantine: files.reduce((sum, { faultCount }) => sum + faultCount, 0),
    quarantine,
  };
}

export function tellDsn(terminal: Terminal, dsn: ReadDsn): void {
  const { name, files, incompleteFiles, inQuarantine, quarantine } = dsnFigures(dsn);
  const count = (value: number): string => formatCount(value, terminal.language);
  const words = ZONES_WORDS[terminal.language];
  terminal.say(visible(words.dsn(name, count(files))));
  if (incompleteFiles > 0) terminal.say(visible(words.incomplete(count(incompleteFiles))));
  if (inQuarantine > 0) terminal.say(visible(words.quarantined(count(inQuarantine))));
  if (quarantine !== undefined) terminal.say(visible(words.keptIn(quarantine)));
}
