import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
/** What is or will be committed, and is there. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((f) => f !== '' && existsSync(join(root, f)) && statSync(join(root, f)).isFile());
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('docs', () => {
  const pages = files.filter((f) => f.endsWith('.md') && !f.endsWith('CHANGELOG.md'));

  test.each(pages)('%s: what it links to in the repository is there', (page) => {
    const prose = text(page).replaceAll(/^```[\s\S]*?^```/gm, '');
    const anchors = (file: string): readonly string[] =>
      [...text(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) => slug(title ?? ''));
    const broken = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link ?? '')
      .filter((link) => !/^[a-z]+:/i.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : join(dirname(page), decodeURI(path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchors(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  const mapped = [...text('docs/reference/source-map.md').matchAll(/^\| `([^`]+)` +\|/gm)].map(
    ([, f]) => f ?? '',
  );

  test('the source map names every folder of the sources and of the tests', () => {
    const folders = [
      ...below('packages/reprise/src'),
      ...below('packages/contracts'),
      ...below('test')
        .filter((f) => !f.includes('/'))
        .map((f) => `test/${f}`),
    ];
    expect(folders.length).toBeGreaterThan(30);
    expect(folders.filter((f) => !mapped.includes(f))).toEqual([]);
  });

  test('the source map names no folder that is gone', () => {
    const places = ['', 'packages/reprise/src/', 'packages/contracts/'];
    expect(mapped.filter((f) => !places.some((p) => existsSync(join(root, p, f))))).toEqual([]);
  });
});

describe('the command line of the design', () => {
  /** Of the reference, which is generated from the command line: each command with what is said of it. */
  const real = new Map(
    text('docs/reference/commands.md')
      .split(/^## /m)
      .slice(1)
      .map((part) => [/^`reprise ([a-z ]*[a-z])/.exec(part)?.[1] ?? '', part]),
  );
  const [there = '', later = ''] =
    /^## The command line$([\s\S]*?)^## /m
      .exec(text('docs/design.md'))?.[1]
      ?.split(/^```\n/m)
      .filter((part) => part.startsWith('reprise ')) ?? [];

  test('names every command that is there, with flags that it has', () => {
    const named = usages(there);
    for (const { command, flags } of named)
      for (const flag of flags) expect(real.get(command), `${command} ${flag}`).toContain(`\`${flag}`);
    const groups = ['plan', 'journal', 'report', 'catalogue'];
    expect(new Set(named.map((n) => n.command))).toEqual(
      new Set([...real.keys()].filter((c) => !groups.includes(c))),
    );
  });

  test.each(['README.md', 'README.fr.md'])('%s says the same of what is not there yet', (readme) => {
    const section = /^## (?:What is not there yet|Ce qui n’y est pas encore)$([\s\S]*?)^## /m.exec(
      text(readme),
    );
    for (const { command, flags } of usages(later).filter((u) => !u.command.startsWith('report')))
      expect(section?.[1]).toContain(real.has(command) ? flags[0] : command);
  });

  test('names as not there yet only what is not there', () => {
    const named = usages(later);
    expect(named.length).toBeGreaterThan(0);
    for (const { command, flags } of named) {
      const said = real.get(command);
      if (said !== undefined && flags.length === 0) expect.fail(`${command} is there`);
      for (const flag of flags) expect(said ?? '', `${command} ${flag}`).not.toContain(`\`${flag}`);
    }
  });
});

/** `reprise plan check | explain [--to x]  words`: each alternative, with the flags of the line. */
function usages(block: string): { readonly command: string; readonly flags: readonly string[] }[] {
  return block.split('\n').flatMap((line) => {
    const usage = /^reprise (.*?)(?: {2}|$)/.exec(line)?.[1];
    if (usage === undefined) return [];
    const flags = usage.match(/--[a-z-]+/g) ?? [];
    const words = usage.replaceAll(/\[[^\]]*\]|<[^>]*>|--[a-z-]+/g, '');
    const group = words.split(' ')[0] ?? '';
    return words.split('|').map((alternative) => {
      const command = alternative.trim();
      return { command: command.split(' ')[0] === group ? command : `${group} ${command}`, flags };
    });
  });
}

/** As GitHub makes anchors of titles. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Folders with sources below one, relative to it. */
function below(folder: string): string[] {
  const inside = files.filter((f) => f.startsWith(`${folder}/`) && /\.m?tsx?$|\.yaml$/.test(f));
  return [...new Set(inside.map((f) => dirname(f).slice(folder.length + 1)))].filter((f) => f !== '');
}

/** Where packages come from is for each machine's npm to know: a checkout that names a host works only where it answers. */
test('no file names the host of a package registry', () => {
  const host = /https?:\/\/[\w.:@-]*(registry|npmjs|yarnpkg|artifactory|nexus|verdaccio|mirror)[\w.-]*/i;
  const naming = files.filter(
    (f) => !f.startsWith('test/golden/') && (/(^|\/)\.npmrc$/.test(f) || host.test(text(f))),
  );
  expect(naming).toEqual([]);
  expect(text('package-lock.json')).not.toMatch(/"resolved": "http/);
});
