/**
 * What `npm pack` (and `npm publish`) in packages/reprise does before and, with `--clean`, afterwards: builds what is
 * published, and puts licence, readmes and the licences of what is bundled (THIRD-PARTY.md) beside it. The package
 * depends on nothing: what it bundles is a dependency of the workspace.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'packages/reprise');
const copied = ['LICENSE', 'README.md', 'README.fr.md'];

if (process.argv.includes('--clean'))
  for (const file of [...copied, 'THIRD-PARTY.md']) rmSync(join(source, file), { force: true });
else build();

function build(): void {
  execFileSync(join(root, 'node_modules/.bin/rolldown'), ['-c', 'rolldown.config.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // npm makes it executable, but only this line says by what.
  if (!readFileSync(join(source, 'dist/bin.js'), 'utf8').startsWith('#!/usr/bin/env node\n'))
    throw new Error('packages/reprise/src/bin.ts must start with "#!/usr/bin/env node"');
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, unknown>;
  const needs = Object.keys(manifest).filter((key) => /dependencies/i.test(key));
  if (needs.length > 0)
    throw new Error(`packages/reprise/package.json has ${needs.join(', ')}: it is bundled`);
  for (const file of copied) copyFileSync(join(root, file), join(source, file));
  writeFileSync(join(source, 'THIRD-PARTY.md'), thirdParty());
}

/** What the built files contain that is not ours: by their source maps, so that nothing is forgotten. */
function thirdParty(): string {
  const folders = new Set<string>();
  for (const map of globSync(join(source, 'dist/**/*.js.map'))) {
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
    for (const file of sources) {
      const folder = /.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0];
      if (folder !== undefined) folders.add(folder.slice(folder.indexOf('node_modules/')));
    }
  }
  const parts = [...folders].toSorted().map((folder) => {
    const at = join(root, folder);
    const {
      name: id,
      version,
      license,
    } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Record<string, string>;
    const file = readdirSync(at).find((f) => /^licen[cs]e/i.test(f));
    if (id === undefined || file === undefined) throw new Error(`${folder}: no licence to pack with it`);
    return `## ${id} ${version} (${license})\n\n${readFileSync(join(at, file), 'utf8').trim()}\n`;
  });
  return `# Software of others in this package\n\n${parts.join('\n')}`;
}
