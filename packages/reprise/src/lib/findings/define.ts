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
  Object.entries(params).some(isCode)
    ? Object.fromEntries(
        Object.entries(params).map((entry: [string, unknown]) =>
          isCode(entry) ? [entry[0], valueText(entry[1], language)] : entry,
        ),
      )
    : params;

const isCode = (entry: [string, unknown]): entry is [string, string] =>
  typeof entry[1] === 'string' && (['why', 'how', 'got', 'place'].includes(entry[0]) || isInstant(entry[1]));

const text = ([message, notProven]: readonly [string, string | null]): FindingText => ({
  message,
  notProven,
});
