import { dirname } from 'node:path';

import { RepriseError } from '../../lib/errors/index.ts';
import { wordsOf } from '../../lib/findings/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context, Restorable, Vacant } from '../kind.ts';
import { canonical, demand } from '../tool.ts';
import { compareFile } from './compare.ts';
import { recordedIn, type Rights } from './contents.ts';
import { beside, isVacant, stageOf } from './file.ts';
import type { SqliteSpec } from './spec.ts';

/**
 * Written beside its place (fsynced), read to its end, given its owner and mode, and only then renamed: there is never
 * half a database under the name. A log of another database would be played into this one: none may be left.
 */
export async function restore(from: Restorable, into: Vacant<SqliteSpec>, at: Context): Promise<void> {
  const { spec } = into;
  await refuseFull(spec, at);
  const path = await canonical(at.host, spec.path, at.signal);
  const stage = stageOf(path);
  const recorded = recordedIn(from.point.inventory);
  await makeFolder(dirname(path), recorded?.folder, at);
  await at.host.remove(stage, at.signal);
  try {
    await at.host.write(stage, await from.open('db', at.signal), 0o600, at.signal);
    await refuseDamaged(stage, from, at);
    await giveRights(stage, recorded?.rights, at);
    await refuseFull(spec, at);
    for (const end of beside) await at.host.remove(path + end, at.signal);
    await at.host.rename(stage, path, at.signal);
  } catch (error) {
    await at.host.remove(stage, AbortSignal.timeout(60_000)).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

async function refuseDamaged(stage: string, from: Restorable, at: Context): Promise<void> {
  const bad = (await compareFile(stage, from.point, at)).find((f) => f.verdict === 'fail');
  if (bad === undefined) return;
  throw new RepriseError('kind.damaged', {
    component: at.component,
    point: from.point.id,
    why: { en: wordsOf(bad, 'en').message, fr: wordsOf(bad, 'fr').message },
  });
}

/**
 * The log is made beside the database by whoever opens it: a folder that we make has the rights of the one it was in.
 */
async function makeFolder(folder: string, rights: Rights | undefined, at: Context): Promise<void> {
  if ((await at.host.stat(folder, at.signal)) !== undefined) return;
  await at.host.mkdir(folder, 0o755, at.signal);
  await giveRights(folder, rights, at);
}

/** Where Reprise is not root the owner cannot be given: `verify` says so. */
async function giveRights(file: string, rights: Rights | undefined, at: Context): Promise<void> {
  if (rights === undefined) return;
  const owner = `${rights.uid}:${rights.gid}`;
  await demand(at.host, { argv: ['chown', '--', owner, file] }, at.signal).catch((error: unknown) => {
    if (!(error instanceof RepriseError) || error.code !== 'process.failed') throw error;
    at.log(inBoth((t) => t['log.owner-kept']({ file, owner })));
  });
  await demand(at.host, { argv: ['chmod', rights.mode.toString(8), '--', file] }, at.signal);
}

/** Asked by the kind itself, right before it writes: something may have come since recovery looked. */
async function refuseFull(spec: SqliteSpec, at: Context): Promise<void> {
  const { vacant, found } = await isVacant(spec, at);
  if (!vacant)
    throw new RepriseError('kind.not-vacant', { component: at.component, found: found ?? spec.path });
}
