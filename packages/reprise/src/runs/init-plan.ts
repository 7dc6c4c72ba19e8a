import {
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  writeFileSync,
  writeSync,
  linkSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { discover, nameFor, type Found } from '../discovery/discover.ts';
import { planText } from '../discovery/write-plan.ts';
import { fsyncFolder } from '../journal/keys.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { jsonSchema } from '../plan/schema.ts';
import { isLocal } from '../repository/url.ts';
import type { InitArgs } from './init.ts';
import type { SetUp } from './setup.ts';

export interface Proposed {
  readonly plan: ResolvedPlan;
  readonly created: boolean;
  readonly components: readonly Found[];
}

/** The plan that is there; never written over. Throws `plan.invalid`. */
export async function existingPlan(setup: SetUp): Promise<Proposed | undefined> {
  const loaded = await setup.readPlan();
  if (loaded === undefined) return undefined;
  if (loaded.plan === undefined)
    throw new RepriseError('plan.invalid', { file: setup.planFile, count: loaded.problems.length });
  return { plan: loaded.plan, created: false, components: [] };
}

/** A plan out of what was found. Throws `init.needs-yes`, `init.nothing-found`. */
export async function writtenPlan(setup: SetUp, args: InitArgs, signal: AbortSignal): Promise<Proposed> {
  const file = resolve(setup.planFile);
  const folder = dirname(file);
  const system = nameFor(basename(folder));
  const roots = [...new Set([folder, ...args.roots.map((r) => resolve(r))])];
  const repositories = (args.repositories.length > 0 ? args.repositories : [defaultRepository(system)]).map(
    (url) => (isLocal(url) ? resolve(url.replace(/^local:/, '')) : url),
  );
  await using host = setup.localHost();
  const never = [setup.home, ...repositories.filter(isLocal)];
  const found = await discover({ kinds: setup.kinds, host, roots, never, log: setup.log }, signal);
  if (found.length === 0) throw new RepriseError('init.nothing-found', { roots: roots.join(', ') });
  if (!args.yes)
    throw new RepriseError('init.needs-yes', {
      file: setup.planFile,
      found: found.map((f) => `${f.name} (${f.kind})`).join(', '),
    });
  const text = planText({
    system,
    language: setup.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    schema: relative(folder, schemaFile(setup)),
    found,
    repositories,
  });
  const { plan, problems } = await setup.loadPlan(text);
  if (plan === undefined)
    throw new RepriseError('plan.invalid', { file: setup.planFile, count: problems.length });
  writeNew(file, text);
  return { plan, created: true, components: found };
}

/** On this machine: a beginning, not a protection against its loss; the plan's comment and `plan check` say so. */
const defaultRepository = (system: string): string =>
  process.getuid?.() === 0
    ? `/var/backups/reprise/${system}`
    : join(homedir(), '.local', 'share', 'reprise', system);

/** Whole or not at all, and only where there is none: a link does not replace what appeared meanwhile. */
function writeNew(path: string, text: string): void {
  const beside = `${path}.new-${process.pid}`;
  const file = openSync(beside, 'w', 0o644);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  fsyncFolder(dirname(path));
}

const schemaFile = (setup: SetUp): string => join(setup.home, 'plan.schema.json');

/** For editors: the schema of exactly this version, without a network. */
export function writeSchema(setup: SetUp): void {
  mkdirSync(setup.home, { recursive: true, mode: 0o700 });
  writeFileSync(schemaFile(setup), `${JSON.stringify(jsonSchema(setup.kinds), null, 2)}\n`);
}
