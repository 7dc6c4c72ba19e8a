import { Readable } from 'node:stream';

import type { Finding, Point } from '@reprise/contracts';

import { instant } from '../../lib/clock.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { type Captures, capturing } from '../capturing.ts';
import type { Capture, CaptureResult, Context, Part } from '../kind.ts';
import { demand } from '../tool.ts';
import { contentLimit, contentSum } from './content.ts';
import { inventoryOf, recordedIn } from './inventory.ts';
import { rightsOf } from './root.ts';
import type { FilesSpec } from './spec.ts';
import { tally, untouchedSince, writtenBefore } from './tally.ts';
import { survey, type Survey, type Tree, treeOf } from './tree.ts';
import { walk } from './walk.ts';

/** The kernel stamps changes with the time of its last tick: up to 10 ms ago. Source: Linux, time(7). */
const tick = 20;

/** Stands for a folder that is empty: restic makes no snapshot of nothing. */
export const emptyPart = 'empty';

/**
 * The tree as restic reads it between `from` and `to`. What it then holds is known in one walk *afterwards*: an entry
 * whose inode was not touched since `from` is in the snapshot exactly as it is now.
 */
export function capture(spec: FilesSpec, at: Context, since?: Point): Capture {
  return capturing(async function* (): Captures {
    const tree = await treeOf(spec, at);
    const root = await rightsOf(tree.root, at);
    if (root === undefined)
      throw new RepriseError('files.root-missing', { component: at.component, path: spec.path });
    const from = at.clock.now();
    const seen = await survey(tree, at);
    const findings = sizeFindings(spec, seen, since, at);
    yield partOf(tree, seen, at);
    const content = await contentOf(spec, tree, seen, at);
    const to = at.clock.now();

    const cut = from.getTime() - tick;
    const untouched = untouchedSince(cut);
    const all = await tally(walk(at.host, tree, at.signal), untouched);
    const still = all.touched === 0;
    // What was written to meanwhile cannot be told from what was not by its folder: only files and links count then.
    const settled = still
      ? all
      : await tally(walk(at.host, tree, at.signal), (e) => untouched(e) && writtenBefore(cut)(e));
    return {
      asOf: { from: instant(from), to: instant(to), clock: 'host', offset_ms: 0 },
      inventory: inventoryOf({
        root,
        tally: settled,
        settledBefore: still ? null : cut,
        content: still ? content : null,
        chosen: tree.chosen,
      }),
      tools: { find: await versionOf(at) },
      server: null,
      findings: [
        ...findings,
        judge('pass', 'files.still', at.component, { changed: all.touched }),
        ...(all.sockets > 0 ? [judge('pass', 'files.sockets', at.component, { sockets: all.sockets })] : []),
      ],
    } satisfies CaptureResult;
  });
}

/** "Empty though it was not before" is what an unmounted volume looks like. */
function sizeFindings(spec: FilesSpec, seen: Survey, since: Point | undefined, at: Context): Finding[] {
  const before = since === undefined ? undefined : recordedIn(since.inventory)?.tally;
  const recorded = before === undefined ? null : before.files + before.symlinks + before.special;
  if (seen.files === 0 && !spec.allow_empty)
    throw new RepriseError('files.empty', { component: at.component, path: spec.path, before: recorded });
  if (recorded === null || seen.files * 10 >= recorded || spec.allow_empty) return [];
  return [judge('unable', 'files.shrunk', at.component, { files: seen.files, before: recorded })];
}

function partOf(tree: Tree, seen: Survey, at: Context): Part {
  if (!seen.storable)
    return { name: emptyPart, form: 'stream', ...oneLine('This folder was empty when it was captured.\n') };
  const includes = seen.includes?.map((bytes) => {
    const name = bytes.toString();
    if (!Buffer.from(name).equals(bytes))
      throw new RepriseError('files.unnameable', { component: at.component, path: `${tree.root}/${name}` });
    return name;
  });
  return {
    name: 'tree',
    form: 'tree',
    root: tree.root,
    excludes: seen.excludes,
    ...(includes && { includes }),
  };
}

/** A secret's digest in the journal could be guessed at: presets have none. */
async function contentOf(spec: FilesSpec, tree: Tree, seen: Survey, at: Context): Promise<string | null> {
  if (spec.preset !== 'none' || seen.bytes > contentLimit) return null;
  return (await contentSum(tree, at)) ?? null;
}

const versionOf = async (at: Context): Promise<string> =>
  /(\d+\.\d+(\.\d+)?)/.exec(await demand(at.host, { argv: ['find', '--version'] }, at.signal))?.[1] ?? '?';

const oneLine = (text: string) => ({ body: Readable.from([Buffer.from(text)]), complete: Promise.resolve() });
