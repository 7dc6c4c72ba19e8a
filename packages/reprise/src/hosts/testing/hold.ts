import { Secret } from '../../lib/secret.ts';
import type { TimedCommand, Undo } from '../guardian.ts';

/** The start of a toy service in `folder`: it runs where `up` is there; each start adds a line to `starts`. */
const start = 'echo start >> starts; touch up';

const sh = (folder: string, script: string, more: Partial<TimedCommand> = {}): TimedCommand => ({
  argv: ['sh', '-c', script],
  cwd: folder,
  timeout: 10_000,
  ...more,
});

/** The undo of a hold of that service, after `before` (shell text; a failure in it fails the start). */
export const undoIn = (folder: string, before = 'true', more: Partial<Undo> = {}): Undo => ({
  service: 'toy',
  command: sh(folder, `${before} && { ${start}; }`, {
    env: { PLAIN: "it's\n'é' Á $HOME `x` \\n", REPRISE_TOY: folder },
    secrets: { TOKEN: new Secret("canary-GUARD\nsecond'line") },
  }),
  ready: sh(folder, 'test -e up'),
  always: false,
  ...more,
});
