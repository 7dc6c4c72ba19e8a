/**
 * `make pack`: the published package, built and packed as it will be installed, into `.cache/pack/`. The package is
 * staged apart from the workspace: its manifest without what only development needs (contracts are bundled), with
 * licence, readmes and changelog beside the code. Prints the path of the tarball.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
manifest['files'] = ['dist', 'CHANGELOG.md'];
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(join(source, 'dist'), join(stage, 'dist'), { recursive: true });
cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
cpSync(join(source, 'CHANGELOG.md'), join(stage, 'CHANGELOG.md'));
for (const readme of ['README.md', 'README.fr.md'])
  if (existsSync(join(root, readme))) cpSync(join(root, readme), join(stage, readme));

const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', out], {
  cwd: stage,
  encoding: 'utf8',
}).trim();
console.log(join(out, name));
