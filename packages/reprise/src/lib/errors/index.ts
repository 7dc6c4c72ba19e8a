import type { ExitCode } from '@reprise/contracts';

import { inBoth } from '../i18n/index.ts';
import { toolSays, type Language, type Said } from '../language.ts';
import { captureErrors } from './capture.ts';
import { catalogueErrors } from './catalogue.ts';
import { cliErrors } from './cli.ts';
import type { ErrorDefinition, ErrorText, Sayable } from './define.ts';
import { homeErrors } from './home.ts';
import { hostErrors } from './host.ts';
import { journalErrors } from './journal.ts';
import { keysErrors } from './keys.ts';
import { kindErrors } from './kind.ts';
import { overlapErrors } from './overlap.ts';
import { planErrors } from './plan.ts';
import { recoveryErrors } from './recovery.ts';
import { repositoryErrors } from './repository.ts';
import { runsErrors } from './runs.ts';
import { serviceErrors } from './service.ts';

/** Every error a person can meet; generates the exit codes and docs/reference/errors.md. */
export const errors = {
  ...captureErrors,
  ...catalogueErrors,
  ...cliErrors,
  ...homeErrors,
  ...hostErrors,
  ...journalErrors,
  ...keysErrors,
  ...kindErrors,
  ...overlapErrors,
  ...planErrors,
  ...recoveryErrors,
  ...repositoryErrors,
  ...runsErrors,
  ...serviceErrors,
} as const;

export type ErrorCode = keyof typeof errors;
export type ErrorParams<C extends ErrorCode> =
  (typeof errors)[C] extends ErrorDefinition<infer P> ? Sayable<P> : never;

/**
 * The one error class: a code of the catalogue and its values. `message` is English; `text(language)` is for people.
 */
export class RepriseError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'RepriseError';
  readonly code: C;
  readonly params: ErrorParams<C>;

  constructor(code: C, params: ErrorParams<C>, options?: ErrorOptions) {
    super(definition(code).en(params as never).message, options);
    this.code = code;
    this.params = params;
  }

  get exit(): ExitCode {
    return definition(this.code).exit;
  }

  text(language: Language): ErrorText {
    return definition(this.code)[language](this.params as never);
  }
}

const definition = (code: ErrorCode): ErrorDefinition => errors[code];

/**
 * An error that a journal tells of, in the reader's language: by its code and values where they were kept and this
 * version knows the code; else in the words that were written then.
 */
export function retold(
  { code, message, params }: { code: string; message: string; params?: unknown },
  language: Language,
): string {
  const known = (errors as Readonly<Record<string, ErrorDefinition>>)[code];
  if (known === undefined || typeof params !== 'object' || params === null) return message;
  try {
    return known[language](params as never).message;
  } catch {
    return message; // another version's parameters
  }
}

/** What was thrown, in both languages; another program's words are quoted in French. */
export function saidOf(e: unknown): Exclude<Said, string> {
  if (e instanceof RepriseError) return { en: e.text('en').message, fr: e.text('fr').message };
  const words = e instanceof Error ? e.message : String(e);
  const quoted = toolSays(words);
  return typeof quoted === 'string' ? { en: quoted, fr: quoted } : quoted;
}

/** A line of progress: something that could not be looked at, and was passed over. */
export const unlooked = (what: string, e: unknown): Said =>
  inBoth((t, language) => t['log.unlooked']({ what, why: saidOf(e)[language] }));

export const isError = <C extends ErrorCode>(e: unknown, code: C): e is RepriseError<C> =>
  e instanceof RepriseError && e.code === code;
