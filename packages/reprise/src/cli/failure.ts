import { RepriseError } from '../lib/errors/index.ts';
import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';
import { mask, Secret } from '../lib/secret.ts';

/** Whatever was thrown, as an error of the catalogue. */
export function asRepriseError(thrown: unknown, interrupted: boolean): RepriseError {
  const e = original(thrown);
  if (e instanceof RepriseError) return e;
  if (interrupted || (e instanceof Error && e.name === 'AbortError'))
    return new RepriseError('cli.interrupted', {}, { cause: e });
  const message = e instanceof Error ? `${e.name}: ${e.message}` : String(e);
  return new RepriseError('cli.unexpected', { message }, { cause: e });
}

/** A clean-up that failed as well hides what failed first. */
const original = (e: unknown): unknown =>
  e instanceof SuppressedError && e.suppressed !== undefined ? original(e.suppressed) : e;

export const errorReport = (error: RepriseError, command: string, language: Language) => ({
  v: 1 as const,
  command,
  exit: error.exit,
  error: { code: error.code, ...error.text(language) },
});

/** What happened, the next command to type, the code to look up. */
export function errorText(error: RepriseError, language: Language): string {
  const { message, hint } = error.text(language);
  const said = words(language)['said.of']({ what: 'reprise', message });
  return `${said}\n  → ${hint}\n  (${error.code})\n`;
}

/** With -v: where it happened, and what caused it. Values of variables that are named like secrets are hidden. */
export function traceText(error: RepriseError, env: Readonly<Record<string, string | undefined>>): string {
  const lines: string[] = [];
  for (let e: unknown = error; e instanceof Error && lines.length < 200; e = e.cause)
    lines.push(`${lines.length === 0 ? '' : 'caused by: '}${e.stack ?? e.message}`);
  return `${mask(lines.join('\n'), secretsIn(env))}\n`;
}

const secretsIn = (env: Readonly<Record<string, string | undefined>>): readonly Secret[] =>
  Object.entries(env).flatMap(([name, value]) =>
    /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i.test(name) && value !== undefined && value.length >= 6
      ? [new Secret(value)]
      : [],
  );
