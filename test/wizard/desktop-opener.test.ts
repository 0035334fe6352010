import { expect, it } from 'vitest';
import { desktopOpener } from '../../src/wizard/desktop-opener.ts';

const SSH_CONNECTION = '192.0.2.7 50022 192.0.2.1 22';

it('opens a report on the desktop that is here, and nowhere over SSH, even with a display that is forwarded', () => {
  expect(desktopOpener('darwin', {})).toBe('open');
  expect(desktopOpener('linux', { DISPLAY: ':0' })).toBe('xdg-open');
  expect(desktopOpener('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe('xdg-open');
  expect(desktopOpener('linux', { DISPLAY: '' })).toBeUndefined();
  expect(desktopOpener('linux', { DISPLAY: 'localhost:10.0', SSH_CONNECTION })).toBeUndefined();
  expect(desktopOpener('darwin', { SSH_CONNECTION })).toBeUndefined();
});
