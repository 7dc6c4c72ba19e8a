import type { z } from 'zod';

import { plural } from '../../lib/i18n/define.ts';
import type { Said } from '../../lib/language.ts';
import type { Context, Proposal } from '../kind.ts';
import { output, sayUnlooked } from '../tool.ts';
import { matcher } from './patterns.ts';
import { presets } from './presets.ts';
import type { FilesSpec } from './spec.ts';

type At = Pick<Context, 'host' | 'signal' | 'log'>;

/** Made anew by installing or building: not worth a capture. */
const derived = new Set([
  'node_modules',
  '.git',
  'dist',
  'build',
  'vendor',
  '__pycache__',
  'lost+found',
  'tmp',
  'cache',
]);

/** Under each root: its folders that hold files, and its own configuration as one component. */
export async function* discover(
  at: At,
  roots: readonly string[],
): AsyncIterable<Proposal<z.input<typeof FilesSpec>>> {
  const isConfig = matcher([...presets.config, ...presets.secrets]);
  for (const root of roots) {
    if ((await at.host.stat(root, at.signal))?.type !== 'directory') continue;
    const names = (await at.host.list(root, at.signal)).toSorted();
    const found = names.filter((name) => isConfig(name));
    if (found.length > 0)
      yield proposal(`${nameOf(root)}-config`, { path: root, preset: 'config' }, null, {
        en: `${found.length} ${plural('en', found.length, 'configuration file', 'configuration files')}`,
        fr: `${found.length} ${plural('fr', found.length, 'fichier', 'fichiers')} de configuration`,
      });
    for (const name of names) {
      const path = `${root.replace(/\/$/, '')}/${name}`;
      if (
        name.startsWith('.') ||
        derived.has(name) ||
        (await at.host.stat(path, at.signal))?.type !== 'directory'
      )
        continue;
      const size = await sizeOf(path, at);
      if (size !== undefined && size.files > 0)
        yield proposal(nameOf(path), { path }, size.bytes, filesIn(size.files));
    }
  }
}

const filesIn = (n: number): Said => ({
  en: `${n} ${plural('en', n, 'file', 'files')}`,
  fr: `${n} ${plural('fr', n, 'fichier', 'fichiers')}`,
});

const proposal = (name: string, spec: z.input<typeof FilesSpec>, bytes: number | null, because: Said) => ({
  name,
  kind: 'files',
  spec,
  bytes,
  because,
});

/** undefined: nothing of it may be read. What of it may not is said. */
async function sizeOf(path: string, at: At): Promise<{ files: number; bytes: number } | undefined> {
  const script =
    "find . -xdev -type f -printf '%s\\n' | awk '{ n++; b += $1 } END { printf \"%d %d\", n, b }'";
  const { exit, stdout } = await output(at.host, { argv: ['sh', '-c', script], cwd: path }, at.signal);
  sayUnlooked(path, exit, at);
  const [files = 0, bytes = 0] = stdout.split(' ').map(Number);
  return exit.code === 0 ? { files, bytes } : undefined;
}

/** The last folder's. */
const nameOf = (path: string): string => path.split('/').findLast((s) => s !== '') ?? 'files';
