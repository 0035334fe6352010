import { LAKE_TIME_MS, type LakeFile } from '../lake-table.ts';
import { Random } from '../random.ts';

interface FolderDescription {
  readonly path: string;
  /** Names of its files, below it. */
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

const numbered = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index + 1));

/** Files that no table owns: documents, recordings, models, deliveries. */
const FOLDERS: readonly FolderDescription[] = [
  {
    path: '/data/portail/pieces',
    names: [
      ...numbered(20, (index) => `2024/02/piece-${index}.pdf`),
      '2024/02/carte d’identité n°1 (recto).jpg',
      '2024/02/100% remboursé.pdf',
      '2024/02/Noe\u0308l.pdf',
    ],
    sizeBytes: 9_000,
  },
  {
    path: '/data/archives/documents',
    names: [
      ...numbered(40, (index) => `${2015 + (index % 8)}/contrat-${index}.pdf`),
      '2023/_index.csv',
      // Somebody's upload that never ended.
      '2023/contrat-41.pdf._COPYING_',
    ],
    sizeBytes: 14_000,
  },
  {
    path: '/data/relation/enregistrements',
    names: numbered(12, (index) => `2024-03/martin-zoe-${index}.wav`),
    sizeBytes: 60_000,
  },
  {
    path: '/data/reassurance/bordereaux',
    names: numbered(6, (index) => `2023/bordereau ${index}.txt`),
    sizeBytes: 8_000,
  },
  { path: '/data/tarification/modeles', names: ['glm-3.pmml', 'gbm-7.pkl', 'gbm-7.pkl.sha256'], sizeBytes: 700_000 },
  { path: '/data/finance/releves', names: numbered(9, (index) => `camt053-2023-0${index}.xml`), sizeBytes: 20_000 },
];

/** Noise that is the same every time. */
export function* plainFiles(): Generator<LakeFile> {
  for (const { path, names, sizeBytes } of FOLDERS)
    for (const name of names) {
      const random = new Random(name);
      const content = Uint8Array.from({ length: sizeBytes }, () => random.integer(0, 255));
      yield { path: `${path}/${name}`, content, modifiedAtMs: LAKE_TIME_MS };
    }
}
