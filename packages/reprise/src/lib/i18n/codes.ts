import type { Language } from '../language.ts';
import { isInstant, momentText } from '../quantities.ts';
import { plural } from './define.ts';
import { words } from './index.ts';

const sentence = (key: string, language: Language): string | undefined => {
  const said = (words(language) as unknown as Readonly<Record<string, unknown>>)[key];
  return typeof said === 'string' ? said : undefined;
};

/** Why something could not be used, in a few words, out of the code of an error or of the system (ENOENT). */
export const codeText = (code: string, language: Language): string =>
  sentence(`code.${code}`, language) ?? sentence(`errno.${code}`, language) ?? code;

/** The codes in brackets that older journals hold inside a text: `primary (repository.no-key)`. */
export const withCodesSaid = (text: string, language: Language): string =>
  text.replaceAll(/\(([a-z]+\.[a-z-]+)\)/g, (_, code: string) => `(${codeText(code, language)})`);

/**
 * Some values are the same in every language: how a process ended (`exit 7`, `SIGKILL`, `> 5000 ms`), why the system
 * refused (`ENOENT`), a moment (`2026-11-21T14:14:00.000Z`). What is said of them is not.
 */
export function valueText(value: string, language: Language): string {
  if (isInstant(value)) return momentText(value, language, 'second');
  if (/^E[A-Z]{2,}$/.test(value)) return codeText(value, language);
  if (language === 'en') return value;
  if (value === 'in-situ') return 'd’origine';
  if (value.startsWith('directory:/')) return value.slice('directory:'.length);
  return value
    .replace(
      /^(?:exit (\d+)|(?:signal )?(SIG[A-Z]+))(?:: (.+))?$/s,
      (_, code: string | undefined, signal: string | undefined, said: string | undefined) =>
        `${code === undefined ? `arrêté par ${signal ?? '?'}` : `code ${code}`}${said === undefined ? '' : ` : « ${said} »`}`,
    )
    .replace(/^> (\d+) ms$/, (_, ms: string) => {
      const seconds = Math.round(Number(ms) / 100) / 10;
      return `pas terminé après ${seconds.toLocaleString('fr')} ${plural('fr', seconds, 'seconde', 'secondes')}`;
    });
}
