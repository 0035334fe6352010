import { LakeliftError } from '../../../src/errors.ts';
import type { DatasetEngine } from '../../../src/ports/dataset-engine.ts';
import { smallMapping } from './small-lake.ts';
import type { openSmallFilesWorld } from './small-files-world.ts';

type Place = Awaited<ReturnType<typeof openSmallFilesWorld>>['place'];

/** What an erasure from the dataset of a world of small files goes by. There is no raw in it. */
export function erasureIn({ useCase, store, signal }: Place) {
  const engine: DatasetEngine = {
    open: () => Promise.reject(new LakeliftError('no raw', { kind: 'not-found', code: 'NO_RAW', hint: '' })),
  };
  const columns = {
    matricule: { class: 'identifier', treat: 'pseudonymise' },
    jours: { class: 'technical' },
  } as const;
  const arrets = { types: { matricule: 'string', jours: 'int' }, columns, lines: [] };
  const mapping = { useCase, paths: {}, ...smallMapping({ 'rh.arrets': arrets }) };
  return { engine, mapping, records: { useCase, zone: { bucket: 'raw', prefix: '' }, store, signal } };
}
