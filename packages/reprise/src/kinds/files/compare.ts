import type { Finding, Inventory } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { Context } from '../kind.ts';
import { contentSum } from './content.ts';
import { type Recorded, recordedIn } from './inventory.ts';
import { rightsOf } from './root.ts';
import { type Tally, tally, writtenBefore } from './tally.ts';
import { treeAt } from './tree.ts';
import { walk } from './walk.ts';

/** Left inside a folder while it is filled in place: the folder is not whole as long as it is there. */
export const halfDone = '.reprise-restoring';

/**
 * A folder against what was recorded at capture: `tree` (names, sizes, times), `rights`, `content`. Access times and
 * times of inodes are not compared: nothing restores them. A tree that was written to during its capture is compared
 * by what was certainly in it; what then differs without being fewer cannot be judged.
 */
export async function compare(root: string, inventory: Inventory, at: Context): Promise<readonly Finding[]> {
  const recorded = recordedIn(inventory);
  if (recorded === undefined) return [judge('unable', 'files.recorded', at.component, { part: root })];
  const tree = treeAt(root, recorded.chosen, at.never);
  const before = recorded.settledBefore;
  const found = await tally(
    walk(at.host, tree, at.signal),
    before === null ? undefined : writtenBefore(before),
  );
  return [
    judge(treeVerdict(found, recorded), 'files.tree', at.component, {
      files: found.files,
      recorded: recorded.tally.files,
    }),
    judge(rightsVerdict(found, recorded), 'files.rights', at.component, { files: found.files }),
    ...(await contentFindings(recorded, tree, at)),
  ];
}

/**
 * The folder itself too: owner, mode, ACL, extended attributes; and its time, unless others put names into it as well
 * (`shared`).
 */
export async function compareRoot(
  root: string,
  inventory: Inventory,
  at: Context,
  shared: boolean,
): Promise<readonly Finding[]> {
  const [was, is] = [recordedIn(inventory)?.root, await rightsOf(root, at)];
  if (was === undefined || is === undefined) return [];
  const same =
    was.mode === is.mode &&
    was.uid === is.uid &&
    was.gid === is.gid &&
    (was.acl === null || was.acl === is.acl);
  const judged = (what: 'mtime' | 'xattrs', verdict: Finding['verdict']): readonly Finding[] =>
    verdict === 'pass' ? [] : [judge(verdict, 'files.folder', at.component, { path: root, what })];
  return [
    ...(same ? [] : [judge('fail', 'files.rights', at.component, { files: 0 })]),
    ...judged('mtime', shared || was.mtime === null || was.mtime === is.mtime ? 'pass' : 'fail'),
    ...judged('xattrs', attributesVerdict(is.xattrs, was.xattrs)),
  ];
}

/** Every recorded one is there; a folder that was there before may have others. */
export function attributesVerdict(is: string | null, was: string | null): Finding['verdict'] {
  if (was === null || was === '') return 'pass';
  if (is === null) return 'unable';
  const found = new Set(is.split('\n'));
  return was.split('\n').every((line) => found.has(line)) ? 'pass' : 'fail';
}

function treeVerdict(found: Tally, { tally: was, settledBefore }: Recorded): Finding['verdict'] {
  const same =
    found.digest === was.digest &&
    found.files === was.files &&
    found.symlinks === was.symlinks &&
    found.bytes === was.bytes;
  if (
    same &&
    (settledBefore !== null || (found.directories === was.directories && found.hardLinked === was.hardLinked))
  )
    return 'pass';
  if (settledBefore === null) return 'fail';
  return found.files < was.files || found.symlinks < was.symlinks ? 'fail' : 'unable';
}

function rightsVerdict(found: Tally, { tally: was, settledBefore }: Recorded): Finding['verdict'] {
  if (found.rights === was.rights) return 'pass';
  return settledBefore === null || found.digest === was.digest ? 'fail' : 'unable';
}

async function contentFindings(
  recorded: Recorded,
  tree: ReturnType<typeof treeAt>,
  at: Context,
): Promise<readonly Finding[]> {
  if (recorded.content === null) return [];
  const verdict = (await contentSum(tree, at)) === recorded.content ? 'pass' : 'fail';
  return [judge(verdict, 'files.content', at.component, { bytes: recorded.tally.bytes })];
}
