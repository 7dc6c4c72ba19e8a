import type { ExitCode } from '@reprise/contracts';

import { said, type Language, type Said } from '../language.ts';

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
  if (!Object.values(params).some(isSaid)) return params;
  const plain = Object.entries(params).map(([name, value]: [string, unknown]) => [
    name,
    isSaid(value) ? said(value, language) : value,
  ]);
  return Object.fromEntries(plain) as P;
}

const isSaid = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && 'en' in value && 'fr' in value;

const text = ([message, hint]: readonly [string, string]): ErrorText => ({ message, hint });
