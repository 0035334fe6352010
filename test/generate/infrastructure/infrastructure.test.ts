import { describe, expect, it } from 'vitest';
import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { infrastructure, sharedInfrastructure } from '../../../src/generate/infrastructure/infrastructure.ts';
import { blueprintOf } from '../blueprint.ts';
import { BLUEPRINT } from '../step-functions/blueprints.ts';

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
interface Template {
  readonly Conditions?: unknown;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}
interface Terraform {
  readonly resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly variable: object;
}

const parsed = (files: readonly { path: string; text: string }[], path: string): unknown =>
  JSON.parse(files.find((file) => file.path === path)!.text);
const pipeline = (blueprint: Blueprint) =>
  parsed(infrastructure(blueprint), 'cloudformation/pipeline.json') as Template;
const zones = (blueprint: Blueprint) =>
  parsed(sharedInfrastructure([blueprint]), 'cloudformation/zones.json') as Template;

/** What of S3 a role may do, as `action bucket/key`. */
function rightsOn({ Resources }: Template, role: string): string[] {
  const { Policies } = Resources[role]!.Properties as {
    Policies: { PolicyDocument: { Statement: readonly Statement[] } }[];
  };
  return Policies[0]!.PolicyDocument.Statement.flatMap(({ Action, Resource }) => {
    const names = JSON.stringify(Resource).match(/(?<=:s3:::)[^"]+/g) ?? [];
    return [Action].flat().flatMap((action) => names.map((name) => `${action} ${name}`));
  });
}

describe('the roles of a pipeline', () => {
  it('read what their dataset is made of and write where it stands, and nothing else', () => {
    const rights = rightsOn(pipeline(BLUEPRINT), 'JobSuiviRole');
    expect(rights.filter((right) => right.startsWith('s3:GetObject ')).sort()).toEqual([
      's3:GetObject ${CodeBucket}/${CodePrefix}*',
      's3:GetObject acme-cleaned/lake/cleaned_rh/people',
      's3:GetObject acme-cleaned/lake/cleaned_rh/people/*',
      's3:GetObject acme-cleaned/lake/cleaned_rh/salaries',
      's3:GetObject acme-cleaned/lake/cleaned_rh/salaries/*',
      's3:GetObject acme-refined/refined_rh/',
      's3:GetObject acme-refined/refined_rh/suivi',
      's3:GetObject acme-refined/refined_rh/suivi/*',
      's3:GetObject acme-refined/refined_rh/suivi_$folder$',
    ]);
    expect(
      rights.filter((right) => right.startsWith('s3:PutObject ')).every((right) => right.includes('refined_rh')),
    ).toBe(true);
    // It is made of cleaned alone: nothing of raw is within its reach.
    expect(rights.join('\n')).not.toContain('acme-raw');
  });

  it('write nowhere in raw but into quarantine and the record', () => {
    const template = pipeline(BLUEPRINT);
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.map(([name]) => name)).toEqual([
      'JobSuiviRole',
      'JobSalariesRole',
      'FilesSalariesRole',
      'JobArretsRole',
      'FilesArretsRole',
      'JobMaladieRole',
      'FilesMaladieRole',
      'StatesRole',
    ]);
    const written = roles.flatMap(([name]) => rightsOn(template, name)).filter((right) => /Put|Delete/.test(right));
    expect(written.filter((right) => right.includes('acme-raw/')).length).toBeGreaterThan(4);
    for (const right of written)
      if (right.includes('acme-raw/')) expect(right).toMatch(/acme-raw\/_(quarantine|audit)\//);
  });

  it('read DSN files where they lie, and set aside what is in no row of them', async () => {
    const template = pipeline(await blueprintOf('absences'));
    for (const role of ['JobArretsDeclaresRole', 'FilesArretsDeclaresRole']) {
      const rights = rightsOn(template, role);
      expect(rights.filter((right) => right === 's3:GetObject acme-raw/data/rh/dsn/*')).toHaveLength(1);
      expect(rights.join('\n')).toContain('acme-raw/_quarantine/absences/arrets_declares/*');
      expect(rights.join('\n')).not.toContain('acme-raw/rh/');
    }
  });

  it('have no right without a place, and the key of pseudonyms only where there are some', () => {
    const text = JSON.stringify(pipeline(BLUEPRINT));
    expect(text).not.toMatch(/"Resource":"\*"|"Action":"[a-z0-9]+:\*"/);
    expect(text).toContain('secretsmanager:GetSecretValue');
    const without = { ...BLUEPRINT.datasets, pseudonyms: undefined };
    const none = JSON.stringify(pipeline({ ...BLUEPRINT, datasets: without }));
    expect(none).not.toContain('secretsmanager');
    expect(none).not.toContain('PseudonymKeySecret');
  });

  it('have a state machine ask Glue for the tables of its datasets, where jobs leave figures, and no other', () => {
    const { Policies } = pipeline(BLUEPRINT).Resources['StatesRole']!.Properties as {
      Policies: { PolicyDocument: { Statement: readonly Statement[] } }[];
    };
    const asked = Policies[0]!.PolicyDocument.Statement.filter(({ Action }) =>
      [Action].flat().includes('glue:GetTable'),
    );
    expect(asked).toMatchObject([{ Sid: 'Figures', Action: 'glue:GetTable' }]);
    const tables = JSON.stringify(asked[0]!.Resource).match(/(?<=:table\/)[^"]+/g);
    expect(tables?.sort()).toEqual([
      'cleaned_rh/arret_travail',
      'cleaned_rh/people',
      'cleaned_rh/salaries',
      'refined_rh/suivi',
    ]);
  });

  it('decrypt the secret of that key, whichever key encrypts it, and nothing else with it', () => {
    const template = pipeline(BLUEPRINT);
    const roles = Object.keys(template.Resources).filter((id) => /^(Job|Files).*Role$/.test(id));
    for (const id of roles) {
      const { Policies } = template.Resources[id]!.Properties as {
        Policies: { PolicyDocument: { Statement: readonly Statement[] } }[];
      };
      const found = Policies[0]!.PolicyDocument.Statement.filter(({ Sid }) => Sid === 'DecryptKeyOfPseudonyms');
      expect(found).toMatchObject([
        {
          Action: 'kms:Decrypt',
          Resource: { Ref: 'PseudonymKeySecretKmsKey' },
          Condition: {
            StringEquals: {
              'kms:ViaService': { 'Fn::Sub': 'secretsmanager.${AWS::Region}.amazonaws.com' },
              'kms:EncryptionContext:SecretARN': { Ref: 'PseudonymKeySecret' },
            },
          },
        },
      ]);
    }
    expect(roles.length).toBeGreaterThan(5);
    const { variable, resource } = parsed(infrastructure(BLUEPRINT), 'terraform/pipeline/main.tf.json') as Terraform;
    expect(variable).toMatchObject({ pseudonym_key_secret_kms_key: { default: 'arn:*:kms:*:*:key/*' } });
    expect(JSON.stringify(resource)).toContain('${var.pseudonym_key_secret_kms_key}');
  });

  it('put the key of names into raw where there is none of pseudonyms, and cannot replace it', () => {
    const datasets = BLUEPRINT.datasets.datasets.filter(({ name }) => name === 'maladie');
    const template = pipeline({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, datasets, pseudonyms: undefined } });
    const names = rightsOn(template, 'FilesMaladieRole').filter((right) => right.includes('/_names/'));
    const place = 'acme-raw/_names/absences/maladie/*';
    expect(names).toEqual([`s3:GetObject ${place}`, `s3:PutObject ${place}`]);
    expect(JSON.stringify(template.Resources['FilesMaladieRole'])).toContain(
      '"Condition":{"Null":{"s3:if-none-match":"false"}}',
    );
    const keyed = pipeline(BLUEPRINT);
    expect(rightsOn(keyed, 'FilesMaladieRole').filter((right) => right.includes('/_names/'))).toEqual([]);
  });

  it('let a job take out what its function has written, and find by which names', () => {
    const rightsIn = (place: string) =>
      rightsOn(pipeline(BLUEPRINT), 'JobArretsRole').filter((right) => right.endsWith(place));
    expect(rightsIn('/arret_travail_small_files/*')).toContain(
      's3:DeleteObject acme-cleaned/lake/cleaned_rh/arret_travail_small_files/*',
    );
    expect(rightsIn('/_names/absences/arrets/*')).toEqual(['s3:GetObject acme-raw/_names/absences/arrets/*']);
    // It has no function, and its job no such rights.
    const summed = rightsOn(pipeline(BLUEPRINT), 'JobSuiviRole').filter((right) => /_small_files|_names/.test(right));
    expect(summed).toEqual([]);
  });

  it('read the very versions of the keys that pseudonyms are made by, those that they go on from included', () => {
    const pseudonyms = { domain: 'rh', version: 2, from: [1] };
    const template = pipeline({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, pseudonyms } });
    const parameters = (template as unknown as { Parameters: Record<string, { Default?: string }> }).Parameters;
    for (const name of ['PseudonymKeySecret', 'PseudonymKeySecretV1'])
      for (const parameter of [name, name.replace('Secret', 'SecretVersion')])
        expect(parameters[parameter]).not.toHaveProperty('Default');
    const places = {
      'Fn::Sub': expect.stringMatching(/^\[\{"version":1,"secret":"\$\{PseudonymKeySecretV1\}"/) as string,
    };
    expect(template.Resources['JobArrets']!.Properties['DefaultArguments']).toMatchObject({
      '--key-secret-version': { Ref: 'PseudonymKeySecretVersion' },
      '--earlier-keys': places,
    });
    expect(template.Resources['FilesArrets']!.Properties['Environment']).toEqual({
      Variables: {
        LAKELIFT_KEY_SECRET: { Ref: 'PseudonymKeySecret' },
        LAKELIFT_KEY_SECRET_VERSION: { Ref: 'PseudonymKeySecretVersion' },
        LAKELIFT_EARLIER_KEYS: places,
      },
    });
    expect(JSON.stringify(template.Resources['FilesArretsRole'])).toContain(
      '"Resource":[{"Ref":"PseudonymKeySecret"},{"Ref":"PseudonymKeySecretV1"}]',
    );
  });
});

describe('what an application reads by key', () => {
  it('has a policy for who reads, one for who starts a refresh, and a role for it, over its own tables, files and parameters alone', async () => {
    const template = pipeline(await blueprintOf('field-sales'));
    const statementsOf = (document: unknown): readonly Statement[] =>
      (document as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }).PolicyDocument.Statement;
    const reading = statementsOf(template.Resources['ServingReadPolicy']!.Properties);
    expect(reading.flatMap(({ Action }) => Action)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'ssm:GetParameter',
    ]);
    const starting = statementsOf(template.Resources['ServingRefreshPolicy']!.Properties);
    expect(starting.flatMap(({ Action }) => Action)).toEqual(['states:StartExecution', 'states:DescribeExecution']);
    const { Policies } = template.Resources['ServingRefreshRole']!.Properties as { Policies: readonly unknown[] };
    const refreshing = statementsOf(Policies[0]);
    expect(refreshing.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'dynamodb:ListTables',
    ]);
    for (const statement of [...reading, ...starting, ...refreshing].filter(({ Resource }) => Resource !== '*'))
      expect(JSON.stringify(statement)).toMatch(/field-sales|aws-dynamodb|:kms:/);
    expect(JSON.stringify(refreshing)).toContain('_serving/field-sales/*');
    expect(JSON.stringify(refreshing)).not.toContain('acme-raw');
    const files = infrastructure(await blueprintOf('field-sales'));
    const { resource } = parsed(files, 'terraform/pipeline/main.tf.json') as Terraform;
    expect(Object.keys(resource['awscc_iam_managed_policy']!)).toEqual([
      'serving_read_policy',
      'serving_refresh_policy',
    ]);
    expect(resource['awscc_stepfunctions_state_machine']!['serving_refresh']).toMatchObject({
      state_machine_name: 'lakelift-field-sales-serving-refresh',
      role_arn: '${awscc_iam_role.serving_refresh_role.arn}',
    });
  });

  it('is refreshed by a role that may ask for every action of the state machine', async () => {
    const blueprint = await blueprintOf('field-sales');
    const machine = servingTable(blueprint).find(({ path }) => path === 'dynamodb/refresh.json')!.text;
    const asked = [...machine.matchAll(/aws-sdk:(dynamodb|ssm|s3):([a-zA-Z]+)/g)].map(
      ([, service, action]) => `${service}:${action!.charAt(0).toUpperCase()}${action!.slice(1)}`,
    );
    const role = JSON.stringify(pipeline(blueprint).Resources['ServingRefreshRole']);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((action) => !role.includes(`"${action}"`))).toEqual([]);
    expect(role).toContain('"states:ListExecutions"');
  });

  it('is nothing where no dataset is served', () => {
    expect(Object.keys(pipeline(BLUEPRINT).Resources).filter((id) => id.startsWith('Serving'))).toEqual([]);
  });
});

it('keeps the logs of functions for a time', () => {
  const { Resources } = pipeline(BLUEPRINT);
  expect(Resources['FilesArretsLogs']).toMatchObject({
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/aws/lambda/lakelift-absences-arrets', RetentionInDays: 90 },
  });
});

describe('the zones', () => {
  it('are private, encrypted by a key of their own, versioned, and kept', () => {
    const { Resources } = zones(BLUEPRINT);
    for (const zone of ['Raw', 'Cleaned', 'Refined']) {
      expect(Resources[`${zone}Bucket`]).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
          VersioningConfiguration: { Status: 'Enabled' },
        },
      });
      expect(JSON.stringify(Resources[`${zone}Bucket`])).toContain(`["${zone}Key","Arn"]`);
      const policy = Resources[`${zone}BucketPolicy`]!.Properties['PolicyDocument'] as { Statement: Statement[] };
      expect(policy.Statement.map(({ Sid }) => Sid)).toEqual(['TlsOnly', 'KmsOnly', 'OwnKeyOnly']);
    }
  });

  it('take the key that lakelift.yaml names, and make none then', () => {
    const arn = 'arn:aws:kms:eu-west-3:123456789012:key/0f7f9a3b';
    const cleaned = { bucket: 'acme-cleaned', prefix: '', kmsKeyId: arn };
    const blueprint = { ...BLUEPRINT, zones: { ...BLUEPRINT.zones, cleaned } };
    const { Resources } = zones(blueprint);
    expect(Object.keys(Resources)).not.toContain('CleanedKey');
    expect(JSON.stringify(Resources['CleanedBucket'])).toContain(arn);
    expect(JSON.stringify(pipeline(blueprint).Resources['JobArretsRole'])).toContain(`"Resource":"${arn}"`);
  });

  it('hold the databases of datasets and of copies of all use cases, each once, and none of tables that are left where they are', () => {
    const databasesOf = (blueprint: Blueprint) =>
      Object.values(zones(blueprint).Resources)
        .filter(({ Type }) => Type === 'AWS::Glue::Database')
        .map(({ Properties }) => Properties['DatabaseName']);
    expect(databasesOf(BLUEPRINT)).toEqual(['cleaned_rh', 'raw_rh', 'refined_rh']);
    const skipped = Object.entries(BLUEPRINT.mapping.tables).map(
      ([name, table]) => [name, { ...table, skip: 'stays on the cluster' }] as const,
    );
    const mapping = { ...BLUEPRINT.mapping, tables: Object.fromEntries(skipped) };
    expect(databasesOf({ ...BLUEPRINT, mapping })).toEqual(['cleaned_rh', 'refined_rh']);
  });
});

it('tags the columns of each dataset by their class, as it is written', () => {
  const { Resources } = parsed(infrastructure(BLUEPRINT), 'cloudformation/tags.json') as Template;
  expect(Resources['ArretsSensitive']!.Properties).toMatchObject({
    Resource: { TableWithColumns: { DatabaseName: 'cleaned_rh', Name: 'arret_travail', ColumnNames: ['motif_arret'] } },
    LFTags: [{ TagKey: 'lakelift_class', TagValues: ['sensitive'] }],
  });
  // What a join brings along has its class too.
  expect(JSON.stringify(Resources['SuiviQuasiIdentifier'])).toContain('service');
  expect(JSON.stringify(Resources)).not.toContain('commentaire');
});

it('tags the tables that functions write beside datasets in a stack of its own, which has none of datasets without', () => {
  const path = 'cloudformation/small-files-tags.json';
  const { Resources } = parsed(infrastructure(BLUEPRINT), path) as Template;
  expect(Resources['ArretsSensitive']!.Properties).toMatchObject({
    Resource: { TableWithColumns: { Name: 'arret_travail_small_files', ColumnNames: ['motif_arret'] } },
  });
  expect(Object.keys(Resources).filter((id) => id.startsWith('Suivi'))).toEqual([]);
  const salaries = BLUEPRINT.datasets.datasets.find(({ name }) => name === 'salaries')!;
  const anonymity = { ...salaries.anonymity!, except: undefined };
  const summed = { ...salaries, anonymity, checks: [], aggregate: { by: ['matricule'], measures: { n: 'count' } } };
  const files = infrastructure({ ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, datasets: [summed] } });
  expect(files.map((file) => file.path)).not.toContain(path);
});

describe('Terraform', () => {
  const stacks = [
    [infrastructure(BLUEPRINT), 'pipeline'],
    [infrastructure(BLUEPRINT), 'tags'],
    [infrastructure(BLUEPRINT), 'small-files-tags'],
    [sharedInfrastructure([BLUEPRINT]), 'zones'],
  ] as const;

  it.each(stacks)('has the resources of CloudFormation, every reference known: %#', (files, name) => {
    const { Resources } = parsed(files, `cloudformation/${name}.json`) as Template;
    const { resource, variable } = parsed(files, `terraform/${name}/main.tf.json`) as Terraform;
    const made = Object.entries(resource).flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`));
    const plain = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
    const expected = Object.entries(Resources).map(([id, { Type }]) => plain(`${Type.replace('AWS::', 'awscc')}${id}`));
    expect(made.map(plain).sort()).toEqual(expected.sort());

    const text = JSON.stringify(resource);
    expect(text).not.toMatch(/Fn::|\bRef\b|AWS::/);
    const known = new Set([...made, ...Object.keys(variable).map((id) => `var.${id}`)]);
    const references = [...text.matchAll(/\$\{([a-z0-9_]+\.[a-z0-9_]+)/g)].map(([, reference]) => reference!);
    expect(references.length).toBeGreaterThan(5);
    expect(references.filter((reference) => !known.has(reference))).toEqual([]);
  });

  it('writes policies as the text that they are, and other names as Terraform has them', () => {
    const { resource } = parsed(infrastructure(BLUEPRINT), 'terraform/pipeline/main.tf.json') as Terraform;
    const role = resource['awscc_iam_role']!['job_suivi_role'] as { policies: { policy_document: string }[] };
    expect(JSON.parse(role.policies[0]!.policy_document)).toMatchObject({ Version: '2012-10-17' });
    expect(role.policies[0]!.policy_document).toContain('arn:${var.partition}:s3:::acme-refined/refined_rh/suivi/*');
    expect(resource['awscc_lambda_function']).toMatchObject({
      files_maladie: {
        role: '${awscc_iam_role.files_maladie_role.arn}',
        environment: { variables: { LAKELIFT_KEY_SECRET: '${var.pseudonym_key_secret}' } },
      },
    });
    const { resource: shared } = parsed(sharedInfrastructure([BLUEPRINT]), 'terraform/zones/main.tf.json') as Terraform;
    expect(JSON.stringify(shared)).toContain('"kms_master_key_id":"${awscc_kms_key.raw_key.arn}"');
  });
});

it('gives jobs the jars that it is told, and no argument where it is told of none', () => {
  const { Conditions, Resources } = pipeline(BLUEPRINT);
  expect(Conditions).toEqual({ HasExtraJars: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ExtraJars' }, ''] }] } });
  const given = { 'Fn::If': ['HasExtraJars', { Ref: 'ExtraJars' }, { Ref: 'AWS::NoValue' }] };
  expect(Resources['JobSuivi']!.Properties['DefaultArguments']).toMatchObject({ '--extra-jars': given });
  const { resource } = parsed(infrastructure(BLUEPRINT), 'terraform/pipeline/main.tf.json') as Terraform;
  const { default_arguments: text } = resource['awscc_glue_job']!['job_suivi'] as { default_arguments: string };
  const [before, after] = text.split('%{ if var.extra_jars != "" },"--extra-jars":"${var.extra_jars}"%{ endif }');
  expect(JSON.parse(`${before}${after}`)).toMatchObject({ '--enable-glue-datacatalog': 'true' });
});

it('tells datasets apart whose names give the same resource', () => {
  const twins = ['a_b', 'a__b'].map((name) => ({ ...BLUEPRINT.datasets.datasets[1]!, name }));
  const blueprint = { ...BLUEPRINT, datasets: { ...BLUEPRINT.datasets, datasets: twins } };
  expect(() => infrastructure(blueprint)).toThrow(expect.objectContaining({ code: 'NAME_AMBIGUOUS' }));
});
