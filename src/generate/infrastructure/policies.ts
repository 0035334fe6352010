import type { ZonePlace } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { prefixOf, type Folder } from '../places.ts';
import { sub, type Resource } from './stack.ts';

export function allow(Sid: string, actions: readonly string[], resources: unknown, condition?: Json): Json {
  const [only] = actions;
  return {
    Sid,
    Effect: 'Allow',
    Action: actions.length === 1 ? only : actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  };
}

/** A role that one service of this account may take on, for what it makes of these statements. */
export function role(id: string, service: string, statements: readonly Json[]): Resource {
  const trust = {
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
  };
  return {
    id,
    type: 'AWS::IAM::Role',
    properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      Policies: [{ PolicyName: 'lakelift', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

export function readFolders(folders: readonly Folder[]): Json[] {
  return [allow('Read', ['s3:GetObject'], folders.flatMap(objectsAsked)), ...listing('ListWhatIsRead', folders)];
}

/** Writing anew replaces: objects of the time before are deleted, and stay as versions for a while. Hadoop's clients also keep marks of folders, of the one above as well. */
export function writeFolders(folders: readonly Folder[]): Json[] {
  const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  const marks = (folder: Folder): Json[] =>
    [`${keyOf(folder)}_$folder$`, parentOf(folder)].map((key) => objectArn(folder, key));
  return [
    allow(
      'Write',
      actions,
      folders.flatMap((folder) => [...objectsAsked(folder), ...marks(folder)]),
    ),
    ...listing('ListWhatIsWritten', folders, (folder) => [parentOf(folder)]),
  ];
}

function listing(
  sid: string,
  folders: readonly Folder[],
  more: (folder: Folder) => readonly string[] = () => [],
): Json[] {
  const buckets = [...new Set(folders.map(({ zone }) => zone.bucket))].sort();
  return buckets.map((bucket, index) => {
    const within = folders.filter(({ zone }) => zone.bucket === bucket);
    const prefixes = [
      ...within.map(keyOf).flatMap((key) => [key, `${key}/*`]),
      ...within.flatMap((folder) => more(folder)),
    ];
    const arn = sub(`arn:\${AWS::Partition}:s3:::${bucket}`);
    return allow(`${sid}${index === 0 ? '' : index + 1}`, ['s3:ListBucket'], arn, {
      StringLike: { 's3:prefix': prefixes },
    });
  });
}

export function objectsOf(folder: Folder): Json {
  return objectArn(folder, `${prefixOf(folder)}*`);
}

/** Hadoop's clients look for an object of the folder's own name first, and take a refusal for the answer. */
function objectsAsked(folder: Folder): Json[] {
  return [objectArn(folder, keyOf(folder)), objectsOf(folder)];
}

function objectArn({ zone }: Folder, key: string): Json {
  return sub(`arn:\${AWS::Partition}:s3:::${zone.bucket}/${key}`);
}

function keyOf(folder: Folder): string {
  return prefixOf(folder).slice(0, -1);
}

function parentOf(folder: Folder): string {
  return keyOf(folder).replace(/[^/]+$/, '');
}

/** Keys of zones, through S3 alone. Written objects need what reads them too: parts of an upload are read again. */
export function useKeys(reads: readonly ZonePlace[], writes: readonly ZonePlace[]): Json[] {
  const statement = (sid: string, actions: readonly string[], zones: readonly ZonePlace[]): Json[] =>
    [...new Map(zones.map((zone) => [zone.bucket, zone])).values()].map((zone, index) => {
      const { resource, condition } = keyOfZone(zone);
      const viaS3 = { StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') } };
      return allow(`${sid}${index === 0 ? '' : index + 1}`, actions, resource, { ...condition, ...viaS3 });
    });
  return [
    ...statement('Decrypt', ['kms:Decrypt'], reads),
    ...statement('Encrypt', ['kms:GenerateDataKey', 'kms:Decrypt'], writes),
  ];
}

/** By its alias, since the key belongs to another stack; or by what lakelift.yaml names. */
function keyOfZone({ bucket, kmsKeyId = `alias/${bucket}` }: ZonePlace): { resource: unknown; condition: Json } {
  const keys = (id: string): Json => sub(`arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/${id}`);
  if (kmsKeyId.startsWith('alias/'))
    return { resource: keys('*'), condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': kmsKeyId } } };
  return { resource: kmsKeyId.startsWith('arn:') ? kmsKeyId : keys(kmsKeyId), condition: {} };
}

/** Tables of the catalog, as `database/table`, and databases that are looked at besides. */
export function catalog(
  sid: string,
  actions: readonly string[],
  tables: readonly string[],
  more: readonly string[] = [],
): Json {
  const arn = (rest: string): Json => sub(`arn:\${AWS::Partition}:glue:\${AWS::Region}:\${AWS::AccountId}:${rest}`);
  const databases = [...new Set([...more, ...tables.map((table) => table.split('/')[0]!)])];
  return allow(sid, actions, [
    arn('catalog'),
    ...databases.map((database) => arn(`database/${database}`)),
    ...tables.map((table) => arn(`table/${table}`)),
  ]);
}

export function logsTo(group: string): Json {
  const arn = sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${group}`);
  return allow('Log', ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], arn);
}
