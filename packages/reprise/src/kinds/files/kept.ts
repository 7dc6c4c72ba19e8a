import type { Finding } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context } from '../kind.ts';
import { demand, output } from '../tool.ts';
import { coversSome } from './own.ts';
import type { FilesSpec } from './spec.ts';

/** What Reprise itself has put below this folder (the plan, its `.gitignore`), relative to it. */
export const keptBelow = (root: string, { kept = [] }: Pick<Context, 'kept'>): readonly string[] =>
  kept.filter((p) => p.startsWith(`${root}/`)).map((p) => p.slice(root.length + 1));

/** Is something in the folder not the component's: other components' data, or what Reprise itself put there? */
export const isShared = (spec: FilesSpec, root: string, at: Context): boolean =>
  coversSome(spec) || keptBelow(root, at).length > 0;

/**
 * What a stage has in place of a file that Reprise put there: the same, or a list with all its lines, takes its place;
 * anything else goes beside it, under the point's time, and the file stays.
 */
export async function giveWay(stage: string, root: string, point: string, at: Context): Promise<void> {
  const suffix = point.slice(point.indexOf('@') + 1);
  for (const path of keptBelow(root, at)) {
    const [here, staged] = [`${root}/${path}`, `${stage}/${path}`];
    const both = [await at.host.stat(here, at.signal), await at.host.stat(staged, at.signal)];
    if (both.some((s) => s?.type !== 'file')) continue;
    const to = (await nothingIsLost(here, staged, at)) ? here : `${here}.${suffix}`;
    if (to !== here) at.log(inBoth((t) => t['log.kept']({ here, beside: to })));
    await demand(at.host, { argv: ['mv', '-f', '-T', '--', staged, to] }, at.signal);
  }
}

async function nothingIsLost(here: string, staged: string, at: Context): Promise<boolean> {
  const same = await output(at.host, { argv: ['cmp', '-s', '--', here, staged] }, at.signal);
  if (same.exit.code === 0) return true;
  if (!here.endsWith('/.gitignore')) return false;
  // Lines that are here and not there. Source: grep(1), -f and -x.
  const lost = await output(at.host, { argv: ['grep', '-qvxFf', staged, '--', here] }, at.signal);
  return lost.exit.code === 1;
}

/** What such files change by being there. The folder's own rights are judged all the same. */
const changed = new Set(['files.tree', 'files.content', 'files.rights']);

/**
 * In a folder that holds such files a tree that differs is not judged by them: what was restored was compared before it
 * went between them. Fewer files than recorded remain a fail.
 */
export function besideKept(
  findings: readonly Finding[],
  kept: readonly string[],
  at: Pick<Context, 'component'>,
): readonly Finding[] {
  if (kept.length === 0 || findings.every((f) => f.verdict !== 'fail')) return findings;
  const tree = findings.find((f) => f.code === 'files.tree');
  const { files, recorded } = (tree?.params ?? {}) as { readonly files?: number; readonly recorded?: number };
  if (files === undefined || recorded === undefined || files < recorded) return findings;
  return [
    ...findings.filter((f) => f.verdict !== 'fail' || !changed.has(f.code)),
    judge('unable', 'files.kept', at.component, { paths: kept.join(', ') }),
  ];
}
