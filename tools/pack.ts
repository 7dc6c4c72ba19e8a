/**
 * `make pack`: the published package, built and packed as it will be installed, into `.cache/pack/`. The package is
 * staged apart from the workspace: its manifest without dependencies (they are bundled, and named with their licences in
 * THIRD-PARTY.md), with licence, readmes and changelog beside the code. Prints the path of the tarball.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'packages/reprise');
const out = join(root, '.cache/pack');
const stage = join(out, 'stage');

execFileSync(join(root, 'node_modules/.bin/rolldown'), ['-c', 'rolldown.config.ts'], {
  cwd: root,
  stdio: 'ignore',
});
rmSync(out, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });

// npm makes it executable, but only this line says by what.
if (!readFileSync(join(source, 'dist/bin.js'), 'utf8').startsWith('#!/usr/bin/env node\n'))
  throw new Error('packages/reprise/src/bin.ts must start with "#!/usr/bin/env node"');

const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, unknown>;
delete manifest['devDependencies'];
delete manifest['dependencies'];
manifest['files'] = ['dist', 'CHANGELOG.md', 'THIRD-PARTY.md'];
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(join(source, 'dist'), join(stage, 'dist'), { recursive: true });
cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
cpSync(join(source, 'CHANGELOG.md'), join(stage, 'CHANGELOG.md'));
for (const readme of ['README.md', 'README.fr.md'])
  if (existsSync(join(root, readme))) cpSync(join(root, readme), join(stage, readme));

writeFileSync(join(stage, 'THIRD-PARTY.md'), thirdParty());

const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', out], {
  cwd: stage,
  encoding: 'utf8',
}).trim();
console.log(join(out, name));

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
