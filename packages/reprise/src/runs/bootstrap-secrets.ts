import { access } from 'node:fs/promises';

import { SecretRef } from '@reprise/contracts';

import type { ResolvedPlan } from '../plan/resolved.ts';
import type { SetUp } from './setup.ts';

/** Secrets that the plan refers to and that are not here, as a person finds them in the plan. Commands are not run. */
export async function missingSecrets(
  setup: Pick<SetUp, 'env'>,
  plan: ResolvedPlan,
): Promise<readonly string[]> {
  const missing: string[] = [];
  const everything = { ...plan.plan, components: Object.fromEntries(plan.components) };
  for (const { path, ref } of secretsIn(everything, '')) {
    if ('env' in ref && setup.env[ref.env] === undefined) missing.push(`${path}: $${ref.env}`);
    if ('file' in ref && !(await readable(ref.file))) missing.push(`${path}: ${ref.file}`);
  }
  return missing;
}

const readable = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

/** Every value of the plan that has the shape of a secret reference; `env` of a command is a record and has not. */
export function* secretsIn(
  value: unknown,
  path: string,
): Generator<{ readonly path: string; readonly ref: SecretRef }> {
  if (typeof value !== 'object' || value === null) return;
  const ref = SecretRef.safeParse(value);
  if (ref.success) {
    yield { path, ref: ref.data };
    return;
  }
  for (const [key, inner] of Object.entries(value))
    yield* secretsIn(inner, path === '' ? key : `${path}.${key}`);
}
