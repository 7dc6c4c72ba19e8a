import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The checkout as it is now, uncommitted files too, in a folder of its own: whoever works in the checkout does not meet
 * the defects. Packages of others are linked; our own are those of the copy, or a defect in `contracts` would not be seen.
 */
export function copyOf(root: string): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'reprise-mutants-'));
  chmodSync(path, 0o755); // servers run as somebody else
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split('\0').filter((f) => f !== '' && existsSync(join(root, f)))) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    cpSync(join(root, file), join(path, file), { verbatimSymlinks: true });
  }
  const modules = join(path, 'node_modules');
  mkdirSync(join(modules, '@reprise'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@reprise' && !name.startsWith('.vite'))
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync('../../packages/contracts', join(modules, '@reprise/contracts'));
  mkdirSync(join(path, '.cache'));
  if (existsSync(join(root, '.cache/tools')))
    symlinkSync(join(root, '.cache/tools'), join(path, '.cache/tools'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
