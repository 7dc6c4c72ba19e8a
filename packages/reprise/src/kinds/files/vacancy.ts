import { RepriseError } from '../../lib/errors/index.ts';
import { plural } from '../../lib/i18n/define.ts';
import type { Said } from '../../lib/language.ts';
import type { Context, Vacancy } from '../kind.ts';
import { somethingElse } from '../something-else.ts';
import { canonical, demand } from '../tool.ts';
import { isShared } from './kept.ts';
import { countOwn, moveOwn, removeOwn } from './own.ts';
import { isMounted } from './root.ts';
import type { FilesSpec } from './spec.ts';
import { ofTheFileSystem } from './tree.ts';

/**
 * Absent, or an empty folder; of a component that covers only some of it: without any file of its own. What Reprise
 * itself put there does not count.
 * `besides`: the name of what the asker itself put there.
 */
export async function isVacant(spec: FilesSpec, at: Context, besides?: string): Promise<Vacancy> {
  const root = await canonical(at.host, spec.path, at.signal);
  const stat = await at.host.stat(root, at.signal);
  if (stat === undefined) return { vacant: true, found: null, identity: null };
  if (stat.type !== 'directory')
    return { vacant: false, found: somethingElse(stat.type, root), identity: stat.id };
  const found = isShared(spec, root, at)
    ? await countOwn(spec, at, most)
    : (await firstNames(root, at)).filter((name) => name !== besides).length;
  if (found === 0) return { vacant: true, found: null, identity: stat.id };
  return {
    vacant: false,
    found: entriesIn(root, found),
    identity: stat.id,
  };
}

const entriesIn = (root: string, n: number): Said =>
  n > most
    ? { en: `more than ${most} entries in ${root}`, fr: `plus de ${most} éléments dans ${root}` }
    : {
        en: `${n} ${plural('en', n, 'entry', 'entries')} in ${root}`,
        fr: `${n} ${plural('fr', n, 'élément', 'éléments')} dans ${root}`,
      };

const most = 1000;
/** No name has a slash. */
const unlisted = '/';
/**
 * Names in a folder, a few more than `most` at the utmost. A pipe has the exit status of its last program: that find
 * could not list the folder is said among the names, and the host is asked, which throws `path.failed`.
 */
async function firstNames(root: string, at: Context): Promise<readonly string[]> {
  const find = `find . -mindepth 1 -maxdepth 1 -printf '%f\\0'`;
  const script = `{ ${find} || printf '${unlisted}\\0'; } | head -z -n ${most + 2}`;
  const text = await demand(at.host, { argv: ['sh', '-c', script], cwd: root }, at.signal);
  const found = text.split('\0').filter((name) => name !== '');
  const names = found.includes(unlisted) ? await at.host.list(root, at.signal) : found;
  return names.filter((name) => name !== ofTheFileSystem);
}

/** Consent was given, or it is this run's own half-restored work. What of the folder is others' stays where it is. */
export async function clear(
  spec: FilesSpec,
  at: Context,
  how: 'aside' | 'wipe',
  suffix: string,
): Promise<string | null> {
  const root = await canonical(at.host, spec.path, at.signal);
  const there = await at.host.stat(root, at.signal);
  if (there === undefined) return null;
  const mounted = await isMounted(root, at);
  const aside = `${root}.before-${suffix}`;
  if (how === 'aside' && mounted)
    throw new RepriseError('files.mounted', { component: at.component, path: root });
  if (isShared(spec, root, at) && there.type === 'directory') return await clearOwn(spec, at, how, aside);
  if (how === 'aside') {
    await at.host.rename(root, aside, at.signal);
    return aside;
  }
  if (mounted) {
    const others = `find . -mindepth 1 -maxdepth 1 -not -name ${ofTheFileSystem}`; // that may not be ours to enter
    const argv = ['sh', '-c', `${others} -exec rm -rf --one-file-system -- {} +`] as const;
    await demand(at.host, { argv, cwd: root }, at.signal);
  } else await at.host.remove(root, at.signal);
  return null;
}

/** Two components may share a folder: `before` of each is its own. */
async function clearOwn(
  spec: FilesSpec,
  at: Context,
  how: 'aside' | 'wipe',
  aside: string,
): Promise<string | null> {
  if (how === 'aside') {
    const taken = (await at.host.stat(aside, at.signal)) !== undefined;
    const to = taken ? `${aside}-${ownName(at)}` : aside;
    return (await moveOwn(spec, to, at)) ? to : null;
  }
  await removeOwn(spec, at);
  return null;
}

/** The component's name as part of a file's name. */
export const ownName = (at: Context): string => at.component.replaceAll('/', '-');
