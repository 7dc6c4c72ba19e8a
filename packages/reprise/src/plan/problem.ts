import type { Params } from '@reprise/contracts';

import type { ErrorText } from '../lib/errors/define.ts';
import { type ErrorParams, RepriseError } from '../lib/errors/index.ts';
import type { planErrors } from '../lib/errors/plan.ts';
import type { Language } from '../lib/language.ts';
import type { Position } from './resolved.ts';

export type Key = string | number;
export type PlanErrorCode = keyof typeof planErrors;

/** One error of a plan, as data: the reader's language decides the words (`problemText`). */
export interface Problem {
  readonly code: PlanErrorCode;
  readonly params: Params;
  /** `components.db.captures[0]`; empty for the whole file. */
  readonly path: string;
  readonly at: Position;
}

/** A problem before it is known where in the text its path stands. */
export interface Fault {
  readonly code: PlanErrorCode;
  readonly params: Params;
  readonly path: readonly Key[];
  /** What is pointed at: the value (default), its key, or an exact offset in the text. */
  readonly point: 'value' | 'key' | number;
}

export const fault = <C extends PlanErrorCode>(
  code: C,
  params: ErrorParams<C>,
  path: readonly Key[],
  point: Fault['point'] = 'value',
): Fault => ({ code, params, path, point });

/** `components.db.captures[0]` */
export const dotted = (path: readonly Key[]): string =>
  path.reduce<string>((s, k) => (typeof k === 'number' ? `${s}[${k}]` : s === '' ? k : `${s}.${k}`), '');

export const problemText = (problem: Pick<Problem, 'code' | 'params'>, language: Language): ErrorText =>
  new RepriseError(problem.code, problem.params as never).text(language);

/** `plan.yaml:12:3 components.db.tier: There is no tier "critcal". Did you mean "critical"?` */
export function problemLine(problem: Problem, language: Language): string {
  const { message, hint } = problemText(problem, language);
  const where = `${problem.at.file}:${problem.at.line}:${problem.at.column}`;
  return `${where}${problem.path === '' ? '' : ` ${problem.path}`}: ${message} ${hint}`;
}
