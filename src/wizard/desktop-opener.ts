/** The program that opens a file on the desktop of who sits here; undefined where there is none, as over SSH. */
export function desktopOpener(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment['SSH_CONNECTION'] !== undefined) return undefined;
  if (platform === 'darwin') return 'open';
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? 'xdg-open' : undefined;
}
