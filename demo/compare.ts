import type { Portrait, System } from './system.ts';
import type { texts } from './texts.ts';

export interface Compared {
  readonly text: string;
  readonly ok: boolean;
}

/** The restored system beside the portrait of before. */
export async function compare(
  before: Portrait,
  system: System,
  t: (typeof texts)['en']['check'],
  rowsIn: (p: Portrait) => string,
): Promise<readonly Compared[]> {
  const after = await system.portrait();
  const there = new Set(Object.keys(after.uploads));
  const late = Object.keys(after.uploads).some((path) => path.includes('late-'));
  return [
    { text: t.rows(rowsIn(after)), ok: same(before.tables, after.tables) },
    { text: t.login, ok: await system.loginWithEnv() },
    { text: t.profile(after.profile), ok: after.profile === before.profile && after.profile !== '' },
    {
      text: t.deposits(after.rows),
      ok: after.deposits === before.deposits && after.named.every((file) => there.has(file)),
    },
    { text: t.uploads(there.size), ok: there.size > 100 && same(before.uploads, after.uploads) },
    { text: t.config(Object.keys(after.config).length), ok: same(before.config, after.config) },
    { text: t.answers, ok: await system.answers() },
    { text: t.lost, ok: !late && after.rows === before.rows },
  ];
}

const same = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([k, v]) => b[k] === v);
