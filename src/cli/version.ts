import packageJson from '../../package.json' with { type: 'json' };

export function toolVersion(): string {
  return packageJson.version;
}
