import type { ExitCode } from '@reprise/contracts';

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
): ErrorDefinition<P> => ({ exit, en: (p) => text(en(p)), fr: (p) => text(fr(p)) });

const text = ([message, hint]: readonly [string, string]): ErrorText => ({ message, hint });
