import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse as parsePlain } from 'yaml';
import { datasetsJsonSchema, datasetsSchema } from '../../src/config/datasets-schema.ts';
import { parseYaml } from '../../src/config/read-yaml.ts';

const HEAD = 'useCase: churn\ndatasets:\n';
const target = (zone: string, table: string) => `    target: { zone: ${zone}, database: ${zone}_a, table: ${table} }\n`;
const CLIENTS = `  clients:\n${target('cleaned', 'clients')}    from: assurance.clients\n`;
const parse = (text: string) => parseYaml(HEAD + text, 'd.yaml', datasetsSchema).value.datasets;

describe('The datasets of a use case', () => {
  it('are read with all that one can say of them', () => {
    const text = `${CLIENTS}    columns: { nom: { treat: drop }, id_client: }
    where: [{ column: actif, is: '=', value: true }, { column: pays, is: in, value: [FR, BE] }, { column: mort, is: 'null' }]
  portefeuille:
${target('refined', 'portefeuille')}    from: clients
    joins:
      - { with: assurance.contrats, kind: left, on: { id_client: id_client }, columns: { produit: } }
    aggregate: { by: [produit, departement], measures: { clients: 'distinct:id_client', contrats: count } }
    partitions: [departement]
    checks:
      - { rule: not-null, column: produit }
      - { rule: between, column: clients, min: 5, severity: warn }
      - { rule: in, column: produit, values: [AUTO, 1] }
    consumers: [dataiku, field-sales]
    purpose: Suivi de l'attrition par produit
    legalBasis: ['6.1.f']
    retention: { period: P5Y, from: departement }
`;
    const [clients, portfolio] = parse(text);
    expect(clients).toMatchObject({
      columns: { nom: { treat: 'drop' }, id_client: {} },
      joins: [],
      where: [
        { column: 'actif', is: '=', values: [true] },
        { column: 'pays', is: 'in', values: ['FR', 'BE'] },
        { column: 'mort', is: 'null', values: [] },
      ],
    });
    expect(portfolio).toMatchObject({
      from: 'clients',
      joins: [{ with: 'assurance.contrats', kind: 'left', on: { id_client: 'id_client' }, columns: { produit: {} } }],
      checks: [
        { rule: 'not-null', column: 'produit', severity: 'refuse' },
        { rule: 'between', column: 'clients', min: 5, severity: 'warn' },
        { rule: 'in', column: 'produit', values: ['AUTO', '1'] },
      ],
      legalBasis: ['6.1.f'],
    });
  });

  it.each([
    ['an unknown key', '    wher: []\n', /d\.yaml:6:5: unknown key "wher" in datasets\.clients; allowed: .*where/],
    [
      'an operator that is none',
      "    where: [{ column: a, is: '==' }]\n",
      /d\.yaml:6:.*is: Invalid option: expected one of "="/,
    ],
    ['a filter without a value', "    where: [{ column: a, is: '=' }]\n", '"=" takes one value, and has none'],
    ['a list where one value is wanted', "    where: [{ column: a, is: '<', value: [1] }]\n", 'has a list'],
    ['a join on nothing', '    joins: [{ with: a.b, on: {} }]\n', 'must name columns'],
    [
      'a measure that is none',
      '    aggregate: { by: [a], measures: { b: median:c } }\n',
      'must be count, count:<column>',
    ],
    ['a check without bounds', '    checks: [{ rule: between, column: a }]\n', 'needs min, max or both'],
    ['bounds the wrong way round', '    checks: [{ rule: row-count, min: 3, max: 2 }]\n', 'needs min, max or both'],
    [
      'a pattern that engines read differently',
      String.raw`    checks: [{ rule: matches, column: a, pattern: '\d+' }]${'\n'}`,
      'write [0-9]',
    ],
    [
      'a pattern that is none',
      "    checks: [{ rule: matches, column: a, pattern: '(' }]\n",
      'is no regular expression',
    ],
    ['a legal basis that is none', '    legalBasis: [6.1.g]\n', /legalBasis\.0: Invalid option/],
    ['a period that is none', '    retention: { period: 5 years, from: a }\n', 'must be a period of ISO 8601'],
    ['a period of nothing', '    retention: { period: P, from: a }\n', 'must be a period of ISO 8601'],
    [
      'people who would each be a class',
      '    anonymity: { k: 5, over: [a, b], of: [b] }\n',
      'datasets.clients.anonymity.of: b: in "over" as well',
    ],
    [
      'cells to empty that make no class',
      '    anonymity: { k: 5, over: [a], blank: [a, b] }\n',
      'datasets.clients.anonymity.blank: b: not in "over"',
    ],
    [
      'cells to empty by which rows are to go one day',
      '    anonymity: { k: 5, over: [a], blank: [a] }\n    retention: { period: P5Y, from: a }\n',
      'datasets.clients.anonymity.blank: a: "retention" counts from it',
    ],
    [
      'an exception from classes that it makes',
      '    anonymity: { k: 5, over: [a], except: { a: nobody could tell } }\n',
      'datasets.clients.anonymity.except: a: in "over" as well',
    ],
    ['an exception without a reason', "    anonymity: { k: 5, over: [a], except: { b: '-' } }\n", 'must say why'],
    [
      'anonymity and a reason for none',
      '    anonymity: { k: 5, over: [a] }\n    notAnonymous: one row for each contract\n',
      'datasets.clients.notAnonymous: says why not',
    ],
    ['a reason that is none', "    notAnonymous: '-'\n", 'must say why'],
    ['a partition named twice', '    partitions: [a, a]\n', 'names a column twice'],
    [
      'a partition that is summed away',
      '    aggregate: { by: [a], measures: { n: count } }\n    partitions: [b]\n',
      'b: not left',
    ],
    [
      'a joined dataset that is not there',
      '    joins: [{ with: client, on: { a: a } }]\n',
      'no dataset client in this file; did you mean clients?',
    ],
    [
      'a check of what is summed away',
      '    aggregate: { by: [a], measures: { n: count } }\n    checks: [{ rule: not-null, column: b }]\n',
      'b: not left',
    ],
  ])('are refused with %s, and its place', (_, text, message) => {
    expect(() => parse(CLIENTS + text)).toThrow(message);
  });

  it('say why one number alone stops nothing, and not without a reason', () => {
    const { value } = parseYaml(`validByChance: order numbers\n${HEAD}${CLIENTS}`, 'd.yaml', datasetsSchema);
    expect(value.validByChance).toBe('order numbers');
    expect(() => parse(`${CLIENTS}validByChance: '-'\n`)).toThrow('must say which numbers are valid by chance');
  });

  it('are refused when they are made of each other, cleaned from what is no longer raw, or go to one table', () => {
    const refined = (name: string, from: string, table = name) =>
      `  ${name}:\n${target('refined', table)}    from: ${from}\n`;
    expect(() => parse(refined('a', 'b') + refined('b', 'c') + refined('c', 'a'))).toThrow(
      /d\.yaml:5:11: datasets\.a\.from: datasets are made of each other: a <- b <- c <- a/,
    );
    expect(() => parse(`${CLIENTS}  b:\n${target('cleaned', 'b')}    from: clients\n`)).toThrow('must be refined');
    expect(() => parse(refined('a', 'x.y', 't') + refined('b', 'x.y', 't'))).toThrow(
      'datasets.b.target.table: a goes to the same table',
    );
  });
});

describe('The JSON Schema of datasets, for editors', () => {
  const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(datasetsJsonSchema()) as object);
  const folder = join(import.meta.dirname, '../../mappings');

  it('is current', async () => {
    await expect(datasetsJsonSchema()).toMatchFileSnapshot('../../docs/schema/datasets.schema.json');
  });

  it.each(readdirSync(folder).filter((name) => name.endsWith('.datasets.yaml')))('takes %s', (name) => {
    expect(isValid(parsePlain(readFileSync(join(folder, name), 'utf8'))), JSON.stringify(isValid.errors)).toBe(true);
  });

  it.each([
    ['wher: []', false],
    ['anonymity: { k: 1, over: [a] }', false],
    ['retention: { period: 5 years, from: a }', false],
    ['columns: { a: , b: { treat: drop } }', true],
  ])('says of %s: %s', (line, expected) => {
    expect(isValid(parsePlain(`${HEAD}${CLIENTS}    ${line}\n`))).toBe(expected);
  });

  it('knows what the register takes from people', () => {
    const register = (line: string): boolean => isValid(parsePlain(`register: { ${line} }\n${HEAD}${CLIENTS}`));
    expect(register('controller: Acme, dataProtectionOfficer: dpo@example.org, dataSubjects: [employees]')).toBe(true);
    expect(register('dpo: x')).toBe(false);
  });
});
