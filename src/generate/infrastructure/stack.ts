import { LakeliftError } from '../../errors.ts';
import type { Json } from '../json-file.ts';

/** Resources that are deployed together, in the words of CloudFormation's registry, which Terraform's provider `awscc` shares. */
export interface Stack {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly resources: readonly Resource[];
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** Has to be given where there is none. */
  readonly default?: string | undefined;
}

/** The condition that a parameter was given, which is empty unless told ({@link ifGiven}). */
export function givenCondition(parameter: string): string {
  return `Has${parameter}`;
}

export interface Resource {
  /** Letters and digits, its own within the stack. */
  readonly id: string;
  /** `AWS::S3::Bucket`. */
  readonly type: string;
  readonly properties: Json;
  /** Stays when it is taken out of the stack, and when the stack goes. */
  readonly isKept?: boolean | undefined;
}

/** A text with `${Resource.Attribute}`, `${Parameter}` or `${AWS::Region}` in it. */
export function sub(text: string): Json {
  return { 'Fn::Sub': text };
}

/** A parameter of the stack, or the name of one of its resources. */
export function ref(name: string): Json {
  return { Ref: name };
}

/** An argument that is left out where its parameter, whose default is empty, is not given. */
export function ifGiven(parameter: string): Json {
  return { 'Fn::If': [givenCondition(parameter), ref(parameter), ref('AWS::NoValue')] };
}

export function attribute(resource: string, name: string): Json {
  return { 'Fn::GetAtt': [resource, name] };
}

/** A logical id out of a name: `arret_travail` -> `ArretTravail`. */
export function logicalId(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Names that differ only by underscores would be one resource. */
export function refuseTwins({ name, resources }: Stack): void {
  const ids = resources.map(({ id }) => id);
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin === undefined) return;
  throw new LakeliftError(`${name}: two names give the same resource ${twin}`, {
    kind: 'usage',
    code: 'NAME_AMBIGUOUS',
    subject: twin,
    hint: 'Rename one of the datasets or databases: underscores alone do not tell them apart.',
  });
}
