import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { gdprDocuments } from '../../../src/generate/gdpr/gdpr.ts';
import { expiredRowsSql } from '../../../src/generate/gdpr/retention.ts';
import { lifecycleRules } from '../../../src/generate/infrastructure/lifecycle-rules.ts';
import { blueprintOf } from '../blueprint.ts';

const BLUEPRINT = await blueprintOf('absences');
const files = (blueprint = BLUEPRINT) => new Map(gdprDocuments(blueprint).map(({ path, text }) => [path, text]));
const rowsOf = (text: string) => text.trimEnd().split('\r\n');

describe('documents of the law', () => {
  it('are three, in French and English, to read and to compute with', () => {
    const names = ['access-matrix', 'register', 'retention'];
    const expected = names.flatMap((name) =>
      ['en', 'fr'].flatMap((to) => [`gdpr/${name}.${to}.csv`, `gdpr/${name}.${to}.md`]),
    );
    expect([...files().keys()].sort()).toEqual(expected);
    expect(files()).toEqual(files());
  });

  it('the register says purposes, bases, data, recipients and measures, and names what it cannot know', () => {
    const french = files().get('gdpr/register.fr.md')!;
    expect(french).toContain('# Registre des activités de traitement : Gestion et pilotage des absences');
    expect(french).toContain('| Finalités | Pilotage des absences<br>');
    expect(french).toContain('art. 9.2.b');
    expect(french).toMatch(/\| Données sensibles, infractions et condamnations \(art. 9 et 10\) \| [^|]*motif_arret/);
    expect(french).toMatch(
      /\| Données sensibles, infractions et condamnations \(art. 9 et 10\) \| [^|]*dsn_rh\.arret_travail \([^)]*r001/,
    );
    expect(french).toMatch(/condamnations \(art. 10\) \| dsn_rh\.\w+ \(r002\), dsn_rh\.\w+ \(r001\) \|/);
    expect(french).toContain('chiffrée par une clé KMS à elle, n’est joignable que par TLS');
    expect(french).toContain('les journaux des fonctions sont gardés 90 jours');
    expect(french).toMatch(/identifiant direct : [^|]*dsn_rh\.individu \(/);
    expect(french).toContain('clé rh v1 conservée hors du lac');
    expect(french).toContain('arrets : groupes par motif_arret, annee, d’au moins 5 personnes, comptées par matricule');
    expect(french).toContain(
      'salaries : groupes par sexe, tranche_naissance, departement, d’au moins 5 personnes, comptées par matricule ; les lignes des groupes plus petits sont supprimées ; service n’en fait pas partie et peut en distinguer de plus petits, par décision : art. 6.1.f : pilotage par service',
    );
    expect(french.slice(french.indexOf('## À compléter'))).toContain('- Délégué à la protection des données');
    const english = files().get('gdpr/register.en.md')!;
    expect(english).toContain('| Controller, and joint controllers | to be completed |');
    expect(english).not.toMatch(/à compléter|Durée/);
    const [salaries] = BLUEPRINT.datasets.datasets;
    const anonymity = { ...salaries!.anonymity!, blank: ['departement'] };
    const blanked = files({
      ...BLUEPRINT,
      datasets: { ...BLUEPRINT.datasets, datasets: [{ ...salaries!, anonymity }] },
    });
    expect(blanked.get('gdpr/register.en.md')).toContain(
      'counted by matricule; in smaller classes departement is emptied first, and classes made again; rows of smaller classes are suppressed',
    );
    const decided = { ...salaries!, anonymity: undefined, notAnonymous: 'for the works council' };
    const others = files({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, datasets: [decided] } });
    expect(others.get('gdpr/register.en.md')).toContain('salaries: no classes, by decision: for the works council');
    expect(english).not.toContain('valid by chance');
    const lenient = files({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, validByChance: 'order numbers' } });
    expect(lenient.get('gdpr/register.en.md')).toContain('valid by chance stops no publication');
    expect(lenient.get('gdpr/register.fr.md')).toContain('ni aucun numéro d’entreprise, par décision : order numbers');
  });

  it('the register says what people declare of the processing, and only the rest is open', () => {
    const register = {
      controller: 'Acme Assurances, Paris',
      dataProtectionOfficer: 'dpo@example.org',
      dataSubjects: ['employees', 'doctors'],
    };
    const told = files({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, register } }).get('gdpr/register.en.md')!;
    expect(told).toContain('| Controller, and joint controllers | Acme Assurances, Paris |');
    expect(told).toContain('| Data protection officer | dpo@example.org |');
    expect(told).toContain('| Categories of data subjects | employees<br>doctors |');
    expect(told).not.toMatch(/- (Controller|Data protection officer|Categories of data subjects)/);
    const some = { ...BLUEPRINT.datasets, register: { dataSubjects: [] } };
    expect(files({ ...BLUEPRINT, datasets: some }).get('gdpr/register.en.md')).toMatch(/- Categories of data subjects/);
  });

  it('what is skipped is no data of the processing', () => {
    const { tables } = BLUEPRINT.mapping;
    const one = { ...tables['rh.salaries']!, skip: 'stays', columns: { cle_secrete: { class: 'sensitive' } } } as const;
    const mapping = { ...BLUEPRINT.mapping, tables: { ...tables, 'rh.autre': one } };
    for (const [path, text] of files({ ...BLUEPRINT, mapping })) expect(text, path).not.toContain('cle_secrete');
    const paths = Object.fromEntries(
      Object.entries(BLUEPRINT.mapping.paths).map(([name, path]) => [name, { ...path, skip: 'stays' }]),
    );
    const datasets = BLUEPRINT.datasets.datasets.filter(({ from }) => from.startsWith('rh.'));
    const without = files({
      ...BLUEPRINT,
      mapping: { ...BLUEPRINT.mapping, paths },
      datasets: { ...BLUEPRINT.datasets, datasets },
    });
    expect(without.get('gdpr/register.en.md')).not.toContain('dsn_rh');
    expect(without.get('gdpr/register.en.md')).toContain('convictions (art. 10) | none in DSN files');
  });

  it('the plan of retention tells what is decided from what is not, for raw as well', () => {
    const rows = rowsOf(files().get('gdpr/retention.en.csv')!);
    expect(rows).toContain(
      'cleaned,cleaned_rh.arret_travail,arrets,P5Y,date in mois_debut,"bound date_debut in ""where"" of the dataset (is "">="", values in the order of dates), then build again; rows without a value go as well","art. 6.1.f, art. 9.2.b"',
    );
    // Days of DSN files are written with the day in front: no comparison tells which are past.
    expect(rows).toContain(
      'cleaned,cleaned_rh.arrets_declares,arrets_declares,P5Y,date in mois_arret,"""where"" cannot bound this column: take expired rows out at the source, or expired files out of raw, then build again","art. 6.1.f, art. 9.2.b"',
    );
    expect(rows.filter((row) => row.startsWith('cleaned,cleaned_rh.salaries,'))).toEqual([
      expect.stringContaining('to be decided') as string,
    ]);
    expect(rows.filter((row) => row.startsWith('raw,raw_rh.'))).toHaveLength(
      Object.keys(BLUEPRINT.mapping.tables).length,
    );
    expect(rows).toContain(
      'raw,dsn_rh (data/rh/dsn/),,to be decided,,copy of the source as it is: to be deleted as a whole once no dataset depends on it,',
    );
    const target = { zone: 'raw', prefix: 'd' } as const;
    const mapping = { ...BLUEPRINT.mapping, paths: { '/d': { target, skip: 'test' }, '/e': { target } } };
    const plain = files({ ...BLUEPRINT, mapping, datasets: { ...BLUEPRINT.datasets, datasets: [] } });
    const folders = rowsOf(plain.get('gdpr/retention.en.csv')!).filter((row) => row.startsWith('raw,d'));
    expect(folders).toEqual([expect.stringContaining('raw,d/,,to be decided') as string]);
  });

  it('the plan of retention has what is kept beside the tables, and who takes it away', async () => {
    const first = (blueprint = BLUEPRINT, language = 'en') =>
      rowsOf(files(blueprint).get(`gdpr/retention.${language}.csv`)!).map((row) =>
        row.split(',').slice(0, 2).join(' '),
      );
    expect(first().filter((row) => /_small_files|_serving|_manifests|_quarantine|DynamoDB/.test(row))).toEqual([
      'cleaned cleaned_rh.salaries_small_files',
      'cleaned cleaned_rh.arret_travail_small_files',
      'cleaned cleaned_rh.arrets_declares_small_files',
      'raw _manifests/absences/',
      'raw _quarantine/absences/',
    ]);
    const english = files().get('gdpr/retention.en.md')!;
    expect(english).toContain('can be had back for 30 days, as an earlier version of the object in S3');
    expect(english).not.toContain('point-in-time');
    const sales = await blueprintOf('field-sales');
    for (const language of ['fr', 'en'])
      expect(first(sales, language)).toEqual(
        expect.arrayContaining(['cleaned _serving/field-sales/', 'DynamoDB lakelift-field-sales-serving-*']),
      );
    expect(files(sales).get('gdpr/retention.en.md')).toContain('had back for 35 days by its point-in-time recovery');
    expect(files(sales).get('gdpr/retention.fr.md')).toContain('pendant 35 jours par sa restauration');
    // Objects of functions are due by the date of their source, whatever has written them anew since.
    const plan = files().get('gdpr/retention.en.md')!;
    expect(plan).toContain(
      `"arret_travail_small_files" WHERE lakelift_source_time < date_add('day', -${5 * 366 + 31}, current_date)`,
    );
    expect(plan).toContain('"arret_travail_small_files" WHERE CAST("mois_debut" AS varchar) <');
    expect(plan).not.toContain('"salaries_small_files" WHERE');
    expect(files(sales).get('gdpr/retention.en.md')).toContain('No build leaves expired rows out by itself');
    expect(files(sales).get('gdpr/retention.fr.md')).toContain('Aucune construction n’écarte d’elle-même');
  });

  it.each([
    ['fr', 'aucune règle du bucket ne le fait', / en (\d+) jours/],
    ['en', 'no rule of the bucket does', / for (\d+) days/],
  ] as const)('the plan of retention (%s) says of small files what the bucket does', (language, no, inDays) => {
    const { text } = gdprDocuments(BLUEPRINT).find(({ path }) => path === `gdpr/retention.${language}.csv`)!;
    const rules = lifecycleRules('cleaned', BLUEPRINT.zones.cleaned!, [BLUEPRINT]);
    const said = ['salaries', 'arret_travail', 'arrets_declares'].map((table) => {
      const row = rowsOf(text).find((one) => one.startsWith(`cleaned,cleaned_rh.${table}_small_files,`))!;
      const rule = rules.find(({ Prefix }) => Prefix === `lake/cleaned_rh/${table}_small_files/`);
      const days = inDays.exec(row)?.[1];
      expect(days).toBe(rule && String(rule['ExpirationInDays']));
      expect(row.includes(no)).toBe(rule === undefined);
      return days;
    });
    // Nobody has decided about salaries; of months, the last day counts.
    expect(said).toEqual([undefined, String(5 * 366 + 31), String(5 * 366 + 31)]);
  });

  it('the matrix shows each column once, its form, and who sees it', () => {
    const rows = rowsOf(files().get('gdpr/access-matrix.fr.csv')!);
    expect(rows).toContain('salaries,matricule,identifiant direct,pseudonyme à clé (rh v1),oui,');
    expect(rows).toContain('salaries,tranche_naissance,quasi-identifiant,tranche de 10 ans,oui,');
    expect(rows.find((row) => row.startsWith('arrets,motif_arret,'))).toContain('en clair (art. 9.2.b');
    expect(rows.find((row) => row.startsWith('absences_par_departement,salaries,'))).toContain('chiffre sur');
    const french = files().get('gdpr/access-matrix.fr.md')!;
    expect(french).toContain('mêmes : salaries_small_files, arret_travail_small_files, arrets_declares_small_files');
    const left = french.split('## ')[1]!;
    expect(left).toMatch(/- rh\.salaries : [^\n]*\bnom\b/);
    expect(left).toMatch(/- dsn_rh\.individu : [^\n]*\br004\b/);
    expect(left).not.toMatch(/- rh\.salaries : [^\n]*\bmatricule\b/);
  });

  it('tells what nobody reads', () => {
    const datasets = BLUEPRINT.datasets.datasets.map((dataset) => ({ ...dataset, consumers: [] }));
    const alone = files({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, datasets } });
    expect(alone.get('gdpr/access-matrix.en.md')).toContain('Without a declared consumer: ');
  });

  it('a cell that a spreadsheet would compute does not begin as a formula', () => {
    const migration = { ...BLUEPRINT.migration, owner: '=cmd@example.org' };
    expect(files({ ...BLUEPRINT, migration }).get('gdpr/register.en.csv')).toContain(`"'=cmd@example.org"`);
  });
});

describe('the query for expired rows', () => {
  const dataset = (retention: Dataset['retention']) => ({
    dataset: { target: { zone: 'cleaned', database: 'd', table: 't' }, retention } as Dataset,
    output: [],
  });

  it('knows years, months and days, and is not there where nothing is decided', () => {
    expect(expiredRowsSql(dataset({ period: 'P1Y6M10D', from: 'jour' }))).toContain(
      `date_add('day', -10, date_add('month', -18, current_date))`,
    );
    expect(expiredRowsSql(dataset(undefined))).toBeUndefined();
  });
});
