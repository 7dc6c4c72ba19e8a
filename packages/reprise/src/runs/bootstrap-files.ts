import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { fsyncFolder } from '../journal/keys.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import type { Chosen } from './bootstrap-states.ts';
import type { SetUp } from './setup.ts';

/** Whole or not at all, also after a power loss. The plan may name people: only its owner writes it. */
export function writeDurably(path: string, text: string): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o644);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  fsyncFolder(dirname(path));
}

/** The plan beside, unless the very same is there. Throws `bootstrap.plan-differs`, `plan.invalid`. */
export async function writePlan(setup: SetUp, chosen: Chosen): Promise<ResolvedPlan> {
  const text = chosen.reading.plan ?? '';
  const file = resolve(setup.planFile);
  if (existsSync(file) && readFileSync(file, 'utf8') !== text) {
    const written = `${file}.${chosen.snapshot.slice(0, 8)}`;
    writeDurably(written, text);
    throw new RepriseError('bootstrap.plan-differs', { file: setup.planFile, written });
  }
  if (!existsSync(file)) writeDurably(file, text);
  const { plan, problems } = await setup.loadPlan(text);
  if (plan === undefined)
    throw new RepriseError('plan.invalid', { file: setup.planFile, count: problems.length });
  return plan;
}
