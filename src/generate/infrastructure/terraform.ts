import type { Json } from '../json-file.ts';
import type { Stack } from './stack.ts';

/** Properties that are JSON documents of somebody else's making: `awscc` takes them as text. */
const DOCUMENTS: ReadonlySet<string> = new Set([
  'AssumeRolePolicyDocument',
  'PolicyDocument',
  'KeyPolicy',
  'DefaultArguments',
]);

/** Whose names are the user's own. */
const MAPS: ReadonlySet<string> = new Set(['Variables']);

/** What CloudFormation knows by itself. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': 'var.account_id',
  'AWS::Region': 'var.region',
  'AWS::Partition': 'var.partition',
};

/**
 * The same stack as Terraform's JSON, for the provider `awscc`: it is made of the same registry of resources as CloudFormation, so that each resource and
 * property here is that of the template under its name in Terraform.
 */
export function terraform({ parameters, resources }: Stack, region: string): Json {
  const resource: Record<string, Record<string, unknown>> = {};
  const types = new Map(resources.map(({ id, type }) => [id, typeOf(type)]));
  for (const { id, type, properties, isKept } of resources) {
    const ofType = (resource[typeOf(type)] ??= {});
    ofType[snake(id)] = {
      ...(translate(properties, types) as Json),
      ...(isKept === true && { lifecycle: { prevent_destroy: true } }),
    };
  }
  return {
    terraform: {
      required_version: '>= 1.5',
      required_providers: { awscc: { source: 'hashicorp/awscc', version: '>= 1.0' } },
    },
    provider: { awscc: { region: '${var.region}' } },
    variable: {
      account_id: { type: 'string', description: 'Twelve digits' },
      region: { type: 'string', default: region },
      partition: { type: 'string', default: 'aws' },
      ...Object.fromEntries(
        parameters.map(({ name, description, default: value }) => [
          snake(name),
          { type: 'string', description, ...(value !== undefined && { default: value }) },
        ]),
      ),
    },
    resource,
  };
}

/** `AWS::StepFunctions::StateMachine` -> `awscc_stepfunctions_state_machine`. */
function typeOf(type: string): string {
  const [, service = '', kind = ''] = type.split('::');
  return `awscc_${service.toLowerCase()}_${snake(kind)}`;
}

/** `KMSMasterKeyID` -> `kms_master_key_id`. */
function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

type Types = ReadonlyMap<string, string>;

function translate(value: unknown, types: Types): unknown {
  if (Array.isArray(value)) return value.map((one) => translate(one, types));
  if (typeof value === 'string') return literally(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = interpolation(value as Json, types);
  if (text !== undefined) return text;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snake(name), property(name, inner, types)]));
}

function property(name: string, value: unknown, types: Types): unknown {
  if (DOCUMENTS.has(name)) return conditionally(JSON.stringify(document(value, types)));
  return MAPS.has(name) ? document(value, types) : translate(value, types);
}

/** Members of a document that are there where a variable is given, after others (`ifGiven`), as directives of Terraform's templates. */
function conditionally(text: string): string {
  return text.replace(
    /,("[^"]+"):\{"Fn::If":\["[^"]+","\$\{(var\.\w+)\}","[^"]+"\]\}/g,
    (_whole, member: string, variable: string) => `%{ if ${variable} != "" },${member}:"\${${variable}}"%{ endif }`,
  );
}

/** As it is, names included; only references become Terraform's. */
function document(value: unknown, types: Types): unknown {
  if (Array.isArray(value)) return value.map((one) => document(one, types));
  if (typeof value === 'string') return literally(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = interpolation(value as Json, types);
  return text ?? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, document(inner, types)]));
}

function interpolation(value: Json, types: Types): string | undefined {
  if (typeof value['Ref'] === 'string') return `\${${reference(value['Ref'], types)}}`;
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute)) return `\${${reference(attribute.join('.'), types)}}`;
  const text = value['Fn::Sub'];
  if (typeof text !== 'string') return undefined;
  return text.replace(/\$\{([^}]+)\}/g, (_whole, name: string) => `\${${reference(name, types)}}`);
}

/** A resource alone is its identifier, as in CloudFormation. */
function reference(name: string, types: Types): string {
  const [first = '', attribute = 'Id'] = name.split('.');
  const type = types.get(first);
  if (type !== undefined) return `${type}.${snake(first)}.${snake(attribute)}`;
  return PSEUDO[name] ?? `var.${snake(name)}`;
}

/** Dollar and percent before a brace begin something in Terraform. */
function literally(text: string): string {
  return text.replace(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`);
}
