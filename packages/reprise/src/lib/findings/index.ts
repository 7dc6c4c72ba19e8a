import type { Finding, Verdict } from '@reprise/contracts';

import type { Language } from '../language.ts';
import { captureFindings } from './capture.ts';
import { catalogueFindings } from './catalogue.ts';
import { cliFindings } from './cli.ts';
import type { FindingDefinition, FindingText } from './define.ts';
import { evidenceFindings } from './evidence.ts';
import { homeFindings } from './home.ts';
import { hostFindings } from './host.ts';
import { journalFindings } from './journal.ts';
import { kindFindings } from './kind.ts';
import { planOverlapFindings } from './plan-overlap.ts';
import { planFindings } from './plan.ts';
import { recoveryFindings } from './recovery.ts';
import { repositoryFindings } from './repository.ts';
import { serviceFindings } from './service.ts';

export const findings = {
  ...captureFindings,
  ...catalogueFindings,
  ...cliFindings,
  ...evidenceFindings,
  ...homeFindings,
  ...hostFindings,
  ...journalFindings,
  ...kindFindings,
  ...planFindings,
  ...planOverlapFindings,
  ...recoveryFindings,
  ...repositoryFindings,
  ...serviceFindings,
} as const;

export type FindingCode = keyof typeof findings;
export type FindingParams<C extends FindingCode> =
  (typeof findings)[C] extends FindingDefinition<infer P> ? P : never;

/** Makes a finding of the catalogue: verdict, code, what was judged, values (integers and text). */
export const judge = <C extends FindingCode>(
  verdict: Verdict,
  code: C,
  subject: string,
  params: FindingParams<C>,
): Finding => ({ verdict, code, subject, params: params as Finding['params'] });

/** The words of a finding; one written by a newer version keeps its code and values. */
export function wordsOf(f: Finding, language: Language): FindingText {
  const definition = (findings as Readonly<Record<string, FindingDefinition>>)[f.code];
  return (
    definition?.[language]({ ...f.params, verdict: f.verdict, subject: f.subject } as never) ?? {
      message: `${f.code} ${JSON.stringify(f.params)}`,
      notProven: null,
    }
  );
}
