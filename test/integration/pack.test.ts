import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The published package, as npm installs it in an empty folder: built, without the workspace, without its sources. */
describe('the packed package', () => {
  const root = join(import.meta.dirname, '../..');
  const source = join(root, 'packages/reprise');
  let folder = '';
  let tarball = '';
  const env = {
    PATH: [join(root, '.cache/tools/bin'), process.env['PATH'] ?? ''].join(delimiter),
    HOME: process.env['HOME'] ?? '/root',
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
  };
  const installed = (path: string): string => join(folder, 'node_modules', path);
  /** `reprise …`, from the system's folder; throws unless it exits as expected. */
  const reprise = (args: readonly string[], input = ''): string =>
    execFileSync(installed('.bin/reprise'), args, {
      cwd: join(folder, 'system'),
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const json = (...args: string[]): any => JSON.parse(reprise([...args, '--json']));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reprise-pack-'));
    mkdirSync(join(folder, 'system/uploads'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
    // As npm does it, no way of our own: what `npm publish` would send.
    const pack = ['pack', '--offline', '--silent', '--pack-destination', folder];
    const said = execFileSync('npm', pack, { cwd: source, encoding: 'utf8' });
    tarball = join(folder, said.trim().split('\n').at(-1) ?? '');
    // It depends on nothing: on the day everything is gone there may be no registry either.
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], {
      cwd: folder,
      stdio: 'pipe',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the program, its licence and its words, and no source or test', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    for (const file of [
      'package.json',
      'LICENSE',
      'README.md',
      'README.fr.md',
      'THIRD-PARTY.md',
      'CHANGELOG.md',
      'dist/bin.js',
    ])
      expect(files).toContain(`package/${file}`);
    expect(files.filter((f) => /\.tsx?$|test|tsbuildinfo|node_modules/.test(f))).toEqual([]);
    const manifest = readFileSync(installed('reprise/package.json'), 'utf8');
    expect(manifest).not.toMatch(/dependencies|@reprise/i);
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const named = readFileSync(installed('reprise/THIRD-PARTY.md'), 'utf8');
    const bundled = Object.entries(dependencies).filter(([name]) => !name.startsWith('@reprise/'));
    expect(bundled.length).toBeGreaterThan(3);
    for (const [name, version] of bundled) expect(named).toContain(`## ${name} ${version} (`);
  });

  test('what was put beside the sources for it is taken away again', () => {
    for (const file of ['LICENSE', 'README.md', 'README.fr.md', 'THIRD-PARTY.md'])
      expect(existsSync(join(source, file)), file).toBe(false);
  });

  test('a start reads the command line and the words, no schema and no YAML', () => {
    const dist = installed('reprise/dist');
    const seen = new Set<string>();
    const follow = (file: string, imports: RegExp): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, next = ''] of readFileSync(file, 'utf8').matchAll(imports))
        follow(join(dirname(file), next), /^import .*?"(\.[^"]+)"/gm);
    };
    follow(join(dist, 'bin.js'), /import\("(\.[^"]+)"\)/g);
    expect(seen.size).toBeGreaterThan(3);
    const code = [...seen].map((file) => readFileSync(file, 'utf8')).join('');
    const parts = ['commander', 'zod', 'yaml'].filter((name) => code.includes(`node_modules/${name}/`));
    expect(parts).toEqual(['commander']);
  });

  test('says what it can do, and what this machine lacks', () => {
    expect(reprise(['--help'])).toContain('bootstrap');
    expect(reprise(['--version']).trim()).toBe(
      (JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }).version,
    );
    const said = codeAndText(() => reprise(['doctor', '--json']));
    expect([0, 1, 3]).toContain(said.code); // by what is installed here
    expect(JSON.parse(said.text)).toMatchObject({ v: 1, command: 'doctor' });
  });

  test('prints the committed schema', () => {
    expect(JSON.parse(reprise(['plan', 'schema']))).toEqual(
      JSON.parse(readFileSync(join(root, 'docs/reference/plan.schema.json'), 'utf8')),
    );
  });

  test('makes a plan and a repository, captures a folder and brings it back', { timeout: 240_000 }, () => {
    const system = join(folder, 'system');
    writeFileSync(join(system, 'uploads/a.txt'), 'hello\n', { mode: 0o640 });
    writeFileSync(
      join(system, 'reprise.yaml'),
      `version: 1
system: packed
repositories: {primary: {url: ${join(folder, 'repository')}}}
protections: {nightly: {schedule: "0 2 * * *", timezone: UTC, repositories: [primary]}}
components:
  uploads: {kind: files, path: ${join(system, 'uploads')}, captures: [nightly]}
`,
    );
    const { recovery_key } = json('init', '--yes');
    expect(recovery_key).toMatch(/^[0-9A-Z-]{40,}$/);
    expect(json('backup').points).toHaveLength(1);
    // What it remembers of the plan serves those who only look, and never says what is done.
    const remembered = join(system, '.reprise/cache/plan.json');
    writeFileSync(
      remembered,
      readFileSync(remembered, 'utf8').replaceAll('/system/uploads', '/system/elsewhere'),
    );
    expect(codeAndText(() => reprise(['status', '--json'])).text).toContain('"component":"uploads"');
    rmSync(join(system, 'uploads'), { recursive: true });
    json('restore', 'uploads');
    expect(existsSync(join(system, 'elsewhere'))).toBe(false);
    expect(readFileSync(remembered, 'utf8')).not.toContain('elsewhere');
    expect(readFileSync(join(system, 'uploads/a.txt'), 'utf8')).toBe('hello\n');
  });
});

function codeAndText(act: () => string): { code: number; text: string } {
  try {
    return { code: 0, text: act() };
  } catch (e) {
    const { status, stdout } = e as { status: number; stdout: string };
    return { code: status, text: stdout };
  }
}
