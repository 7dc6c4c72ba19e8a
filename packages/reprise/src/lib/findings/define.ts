import { valueText } from '../i18n/codes.ts';
import type { Language } from '../language.ts';
import { isInstant } from '../quantities.ts';
/** What was found, and what it does not prove (null where nothing needs saying). */
export interface FindingText {
  readonly message: string;
  readonly notProven: string | null;
}
export interface FindingDefinition<P = never> {
  readonly en: (params: P) => FindingText;
  readonly fr: (params: P) => FindingText;
}

/** One code; the text may differ by verdict, which is given as `params.verdict`. */
export const finding = <P extends object>(
  en: (
    params: P & { verdict: 'pass' | 'fail' | 'unable'; subject: string },
  ) => readonly [message: string, notProven: string | null],
  fr: (
    params: P & { verdict: 'pass' | 'fail' | 'unable'; subject: string },
  ) => readonly [message: string, notProven: string | null],
): FindingDefinition<P> => ({
  en: (p) => text(en(inWords(p, 'en') as never)),
  fr: (p) => text(fr(inWords(p, 'fr') as never)),
});

/** `how: exit 7`, `got: ECONNREFUSED`: recorded as they are, said in the reader's words. */
const inWords = (params: object, language: Language): object =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' && (['why', 'how', 'got', 'place'].includes(name) || isInstant(value))
        ? valueText(value, language)
        : value,
    ]),
  );

const text = ([message, notProven]: readonly [string, string | null]): FindingText => ({
  message,
  notProven,
});
