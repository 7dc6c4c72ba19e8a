import { basename, dirname, join } from 'node:path';

import type { Finding } from '@reprise/contracts';

import { RepriseError } from '../../lib/errors/index.ts';
import { wordsOf } from '../../lib/findings/index.ts';
import type { Context, Restorable, Vacant } from '../kind.ts';
import { canonical, demand } from '../tool.ts';
import { emptyPart } from './capture.ts';
import { compare, halfDone } from './compare.ts';
import { recordedIn } from './inventory.ts';
import { giveWay, isShared } from './kept.ts';
import { merge } from './own.ts';
import { giveRights, giveTime } from './root.ts';
import type { FilesSpec } from './spec.ts';
import { treeAt } from './tree.ts';
import { isVacant, ownName } from './vacancy.ts';

/**
 * The tree is made apart, compared with what was recorded, made durable, and only then put in its place. Where there
 * is no folder yet it is made beside and renamed: a kill at any moment leaves nothing or the whole. An empty folder
 * that is there is filled and stays itself (it may be mounted; its inode is what a run has claimed): as long as
 * `.reprise-restoring` is inside, it is not whole. Where a component covers only some of a folder, its files go between
 * those of others, which nothing is written over; so they do where Reprise's own files are.
 */
export async function restore(from: Restorable, into: Vacant<FilesSpec>, at: Context): Promise<void> {
  const { spec } = into;
  await refuseFull(spec, at);
  const root = await canonical(at.host, spec.path, at.signal);
  const inPlace = (await at.host.stat(root, at.signal)) !== undefined;
  const shared = isShared(spec, root, at);
  const stage = stageFor(root, inPlace, shared ? ownName(at) : undefined);
  if (!inPlace) await at.host.mkdir(dirname(root), 0o755, at.signal);
  await at.host.remove(stage, at.signal); // what a killed restore left
  await at.host.mkdir(stage, 0o700, at.signal);
  try {
    await fill(stage, from, at);
    const rights = recordedIn(from.point.inventory)?.root;
    if (rights !== undefined) await giveRights(inPlace ? root : stage, rights, at);
    if (rights !== undefined && !inPlace) await giveTime(stage, rights, at);
    await demand(at.host, { argv: ['sync', '-f', '--', stage] }, at.signal);
    await refuseFull(spec, at, inPlace ? halfDone : undefined);
    // Another component may have made the folder meanwhile.
    if (shared && (await at.host.stat(root, at.signal)) !== undefined) {
      await giveWay(stage, root, from.point.id, at);
      await merge(stage, treeAt(stage, spec, at.never), root, at);
      if (rights !== undefined) await giveRights(root, rights, at);
    } else if (inPlace) await moveUp(stage, root, at);
    else await at.host.rename(stage, root, at.signal);
    if (rights !== undefined) await giveTime(root, rights, at);
  } catch (error) {
    await at.host.remove(stage, AbortSignal.timeout(60_000)).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** Inside the folder, or beside it where it is not there yet; `own`: of one component among several. */
export const stageFor = (root: string, inPlace: boolean, own: string | undefined): string => {
  const name = own === undefined ? halfDone : `${halfDone}-of-${own}`;
  return inPlace ? join(root, name) : join(dirname(root), `${name}-${basename(root)}`);
};

async function fill(stage: string, from: Restorable, at: Context): Promise<void> {
  if (isEmptyPoint(from)) return;
  await from.place('tree', stage, at.signal);
  refuseDamaged(await compare(stage, from.point.inventory, at), from, at);
}

export const isEmptyPoint = (from: Restorable): boolean =>
  from.point.copies.some((copy) => copy.parts.some((part) => part.name === emptyPart));

/** Rights are left to `verify`: who is not root cannot give owners back, and the data is worth having all the same. */
function refuseDamaged(findings: readonly Finding[], from: Restorable, at: Context): void {
  const bad = findings.find((f) => f.verdict === 'fail' && f.code !== 'files.rights');
  if (bad === undefined) return;
  throw new RepriseError('kind.damaged', {
    component: at.component,
    point: from.point.id,
    why: { en: wordsOf(bad, 'en').message, fr: wordsOf(bad, 'fr').message },
  });
}

/** Asked by the kind itself, right before it writes: something may have come since recovery looked. */
async function refuseFull(spec: FilesSpec, at: Context, besides?: string): Promise<void> {
  const { vacant, found } = await isVacant(spec, at, besides);
  if (vacant) return;
  throw new RepriseError('kind.not-vacant', { component: at.component, found: found ?? spec.path });
}

/** Within one file system; the empty stage goes last. */
async function moveUp(stage: string, root: string, at: Context): Promise<void> {
  await demand(
    at.host,
    {
      argv: [
        'find',
        '.',
        '-mindepth',
        '1',
        '-maxdepth',
        '1',
        '-exec',
        'mv',
        '-n',
        '-t',
        root,
        '--',
        '{}',
        '+',
      ],
      cwd: stage,
    },
    at.signal,
  );
  await demand(at.host, { argv: ['rmdir', '--', stage] }, at.signal); // fails where something stayed behind
}
