import type { ExitCode } from '@reprise/contracts';

import { valueText } from '../i18n/codes.ts';
import { said, type Language, type Said } from '../language.ts';
import { isInstant } from '../quantities.ts';

/** What happened, to what, and why it matters; then the next command to type. */
export interface ErrorText {
  readonly message: string;
  readonly hint: string;
}
// `never` as parameter: a definition of any parameters is assignable to it.
export interface ErrorDefinition<P = never> {
  readonly exit: ExitCode;
  readonly en: (params: P) => ErrorText;
  readonly fr: (params: P) => ErrorText;
}

/** One code of the catalogue; the parameters of the French text must be those of the English. */
export const error = <P extends object>(
  exit: ExitCode,
  en: (params: P) => readonly [message: string, hint: string],
  fr: (params: P) => readonly [message: string, hint: string],
): ErrorDefinition<P> => ({
  exit,
  en: (p) => text(en(inWords(p, 'en'))),
  fr: (p) => text(fr(inWords(p, 'fr'))),
});

/** What may be given for the parameters of a text: words of ours in both languages wherever the text wants a string. */
export type Sayable<P> = { readonly [K in keyof P]: string extends P[K] ? P[K] | Said : P[K] };

function inWords<P extends object>(params: P, language: Language): P {
  if (!Object.entries(params).some(([name, value]) => isSaid(value) || isCode(name, value))) return params;
  const plain = Object.entries(params).map(([name, value]: [string, unknown]) => [
    name,
    isSaid(value) ? said(value, language) : isCode(name, value) ? valueText(value, language) : value,
  ]);
  return Object.fromEntries(plain) as P;
}

/**
 * `why: ENOENT`, `how: exit 7`, a moment in UTC: the same in the journal whoever reads it, said in the reader's words.
 */
const isCode = (name: string, value: unknown): value is string =>
  typeof value === 'string' && (['why', 'how', 'place'].includes(name) || isInstant(value));

const isSaid = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && 'en' in value && 'fr' in value;

const text = ([message, hint]: readonly [string, string]): ErrorText => ({ message, hint });

/** The end of a French sentence: what a tool wrote, as its own words. */
export const quoted = (words: string): string => (words.trim() === '' ? '.' : ` : « ${words.trim()} »`);
