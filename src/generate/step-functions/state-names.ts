import type { Dataset } from '../../domain/privacy/dataset.ts';

/** Names of the states of a dataset's branch; datasets have names of their own, so that these differ. */
export function stateNames({ name }: Pick<Dataset, 'name'>) {
  return {
    choose: `Small files of ${name}?`,
    kept: `Kept: ${name}`,
    files: `Files of ${name}`,
    treatFile: `Treat file of ${name}`,
    setFileAside: `Set file of ${name} aside`,
    fileFailed: `File of ${name} failed`,
    count: `Count files of ${name}`,
    whole: `Every file of ${name}?`,
    filesMade: `Made of files: ${name}`,
    filesFailed: `Files failed: ${name}`,
    make: `Make ${name}`,
    look: `Figures of ${name}`,
    ask: `Look at ${name}`,
    hasFigures: `Has ${name} figures?`,
    findFigures: `Find figures of ${name}`,
    readFigures: `Read figures of ${name}`,
    noFigures: `No figures of ${name}`,
    made: `Made: ${name}`,
    madeWithoutFigures: `Made without figures: ${name}`,
    setAside: `Set ${name} aside`,
    failed: `Failed: ${name}`,
  } as const;
}

/** As a literal inside an intrinsic function. */
export function literal(text: string): string {
  return text.replace(/[\\'{}]/g, String.raw`\$&`);
}
