import type { ExitCode } from '@reprise/contracts';

import type { Language } from '../language.ts';
import { captureErrors } from './capture.ts';
import { catalogueErrors } from './catalogue.ts';
import { cliErrors } from './cli.ts';
import type { ErrorDefinition, ErrorText } from './define.ts';
import { hostErrors } from './host.ts';
import { journalErrors } from './journal.ts';
import { keysErrors } from './keys.ts';
import { kindErrors } from './kind.ts';
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
  ...hostErrors,
  ...journalErrors,
  ...keysErrors,
  ...kindErrors,
  ...planErrors,
  ...recoveryErrors,
  ...repositoryErrors,
  ...runsErrors,
  ...serviceErrors,
} as const;

export type ErrorCode = keyof typeof errors;
export type ErrorParams<C extends ErrorCode> =
  (typeof errors)[C] extends ErrorDefinition<infer P> ? P : never;

/** The one error class: a code of the catalogue and its values. `message` is English; `text(language)` is for people. */
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

export const isError = <C extends ErrorCode>(e: unknown, code: C): e is RepriseError<C> =>
  e instanceof RepriseError && e.code === code;
