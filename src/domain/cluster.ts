import type { Location } from './location.ts';
import type { Reason } from './plan.ts';

const HDFS_SCHEMES = new Set(['hdfs', 'viewfs', 'webhdfs', 'swebhdfs']);

/** Why a location does not lie on the source cluster; undefined when it does. `authorities` are what its own locations name after `hdfs://`. */
export function foreignLocation(location: Location, authorities: readonly string[]): Reason | undefined {
  if (location.scheme === '' || (HDFS_SCHEMES.has(location.scheme) && location.authority === '')) return undefined;
  const uri = `${location.scheme}://${location.authority}${location.path}`;
  if (!HDFS_SCHEMES.has(location.scheme)) {
    const text = `it lies at ${uri}, not on HDFS`;
    const hint = 'Copy it to HDFS first, or leave it out with "skip" if the target can read it where it is.';
    return { code: 'LOCATION_SCHEME', text, hint };
  }
  if (authorities.some((known) => withPort(known) === withPort(location.authority))) return undefined;
  const text = `it lies at ${uri}, on a cluster other than the source`;
  const hint = `If "${location.authority}" is a name of this cluster, add it to source.hdfs.authorities in lakelift.yaml; otherwise migrate it from there.`;
  return { code: 'LOCATION_OTHER_CLUSTER', text, hint };
}

/** A NameNode's address without port means 8020; a nameservice never has one, so that the addition does no harm. */
function withPort(authority: string): string {
  return /:\d+$/.test(authority) ? authority.toLowerCase() : `${authority.toLowerCase()}:8020`;
}
