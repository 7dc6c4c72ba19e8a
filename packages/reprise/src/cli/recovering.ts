import type { Command } from 'commander';

import type { Messages } from '../lib/i18n/index.ts';
import { moment, repeatable } from './options.ts';
import type { Session } from './session.ts';

/** What `restore` and `recover` are asked alike: up to when, where to, over what, lost when, and only to look. */
export interface Wanted {
  readonly until?: string;
  readonly to: string;
  readonly replace: readonly string[];
  readonly lostAt?: string;
  readonly dryRun?: boolean;
}

export const wantedOptions = (command: Command, t: Messages): Command =>
  command
    .option('--until <time>', t['help.until'], moment)
    .option('--to <place>', t['help.to'], 'in-situ')
    .addOption(repeatable('--replace <component>', t['help.replace']))
    .option('--lost-at <time>', t['help.lost-at'], moment)
    .option('--dry-run', t['help.dry-run']);

/**
 * Opens the application and asks for consent where it is needed; then previews with `--dry-run`, else carries out. The
 * moment of the request is taken before anybody types: a recovery's time counts from there.
 */
export async function openRecovery(s: Session, wanted: Wanted) {
  const { openApp, commands } = await import('../app.ts');
  const { consents } = await import('./ask.ts');
  const dry = wanted.dryRun === true;
  const app = await openApp(s.app, dry ? 'read' : 'write');
  try {
    const args = {
      until: wanted.until ?? null,
      lost_at: wanted.lostAt ?? null,
      requested_at: app.clock.now().toISOString(),
      place: wanted.to,
      replace: await consents(s, wanted.replace, dry),
    };
    const [runs, text] = [await commands.recovery(), await import('./text/recovery.ts')];
    return { app, dry, args, runs, text, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
  } catch (e) {
    await app[Symbol.asyncDispose]();
    throw e;
  }
}
