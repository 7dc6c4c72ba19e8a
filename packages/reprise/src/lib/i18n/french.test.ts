import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { errors } from '../errors/index.ts';
import { findings } from '../findings/index.ts';
import { valueText } from './codes.ts';
import { words } from './index.ts';
import { levelText, recipeText, stepText } from './steps.ts';
import { englishIn } from './testing/english.ts';

test('English is found where it is', () => {
  for (const text of [
    'app: stored in primary',
    '✓ capture:app  1,4 s',
    'terminé en 1.4 s',
    'Établie le 2026-11-21T14:14:44.559Z',
    'le dépôt is damaged',
  ])
    expect(englishIn(text), text).not.toEqual([]);
  for (const text of [
    'restic a échoué : « Fatal: the repository is locked »',
    '→ reprise restore app --to directory:/tmp/x',
    'app@20261121T141415Z-32a10fee  1,4 s',
    'tape dans groups.<nom>.hold.max : 5 min',
  ])
    expect(englishIn(text), text).toEqual([]);
});

/** Any parameters: each value prints as its name in braces, and serves as number, list and key too. */
const anything: object = new Proxy(
  {},
  {
    get: (_, name) => {
      const text = `{${String(name)}}`;
      if (name === 'verdict') return 'fail';
      if (name === 'problem') return 'invalid';
      return name === 'why' ? Object.assign(Object(text) as object, { code: text, params: {} }) : text;
    },
  },
);

describe('the French catalogues are in French', () => {
  test.for(Object.keys(errors))('error %s', (code) => {
    const { message, hint } = errors[code as keyof typeof errors].fr(anything as never);
    expect(englishIn(`${message} ${hint}`)).toEqual([]);
  });
  test.for(Object.keys(findings))('finding %s', (code) => {
    const definition = findings[code as keyof typeof findings].fr as (p: object) => {
      message: string;
      notProven: string | null;
    };
    for (const verdict of ['pass', 'fail', 'unable']) {
      const p = new Proxy(anything, {
        get: (of, name) => (name === 'verdict' ? verdict : (Reflect.get(of, name) as unknown)),
      });
      const { message, notProven } = definition(p);
      expect(englishIn(`${message} ${notProven ?? ''}`), verdict).toEqual([]);
    }
  });
  test('messages', () => {
    const found = Object.entries(words('fr')).flatMap(([key, said]) => {
      const text = typeof said === 'string' ? said : (said as (p: object) => string)(anything);
      const wrong = englishIn(text);
      return wrong.length === 0 ? [] : [`${key}: ${wrong.join(', ')} in ${text}`];
    });
    expect(found).toEqual([]);
  });
});

test('values that are the same in every journal are said in French', () => {
  expect(valueText('ENOENT', 'fr')).toBe('il n’y a pas de tel fichier');
  expect(valueText('exit 7', 'fr')).toBe('code 7');
  expect(valueText('exit 2: psql: error: x', 'fr')).toBe('code 2 : « psql: error: x »');
  expect(valueText('SIGKILL', 'fr')).toBe('arrêté par SIGKILL');
  expect(valueText('> 5500 ms', 'fr')).toBe('pas terminé après 5,5 secondes');
  expect(valueText('2026-11-21T14:14:44.559Z', 'fr')).toMatch(/^21\/11\/2026 \d\d:14:44 /);
  expect(valueText('other', 'fr')).toBe('other');
  expect(levelText('parsed', 'fr')).toBe('analysé');
  expect(recipeText('backup', 'fr')).toBe('sauvegarde');
  expect(stepText('verify:app@20261121T141415Z-32a10fee:copy', 'fr')).toBe(
    'vérifier app@20261121T141415Z-32a10fee dans copy',
  );
  expect(stepText('of-a-newer-version:x', 'fr')).toBe('of-a-newer-version:x');
});

const source = join(import.meta.dirname, '../..');
const files = globSync('**/*.ts', { cwd: source }).filter(
  (f) =>
    !/\.test\.ts$|testing\/|conformance\/|^lib\/(i18n|errors|findings)\/|test-kinds|reference\.ts$/.test(f),
);

/** The arguments of each call of `callee` in a source text, comments left out. */
function callsIn(text: string, callee: RegExp): readonly string[] {
  const plain = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
  return [...plain.matchAll(callee)].map(({ index, 0: found }) => {
    let depth = 1;
    let end = index + found.length;
    for (; depth > 0 && end < plain.length; end += 1)
      depth += plain[end] === '(' ? 1 : plain[end] === ')' ? -1 : 0;
    return plain.slice(index + found.length, end - 1);
  });
}
const sentence = /'[^'\n]*\b[a-z]{2,} [a-z]{2,}[^'\n]*'|`[^`]*\b[a-z]{2,} [a-z]{2,}[^`]*`/gi;

test('no sentence is given to an error, a finding or the log but through the catalogue', () => {
  const wrong = files.flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return callsIn(text, /\bnew RepriseError\(|\bjudge\(|\blog\(|\btoolSays\(/g).flatMap((call) =>
      [...call.matchAll(sentence)].map((m) => `${file}: ${m[0]}`),
    );
  });
  expect(wrong).toEqual([]);
});

test('every step that a recipe names has words', () => {
  const named = files
    .filter((f) => f.startsWith('runs/'))
    .flatMap((file) => [
      ...readFileSync(join(source, file), 'utf8').matchAll(/\bname: [`']([a-z-]+):\$\{|\bstep\('([a-z-]+)'/g),
    ])
    .map((m) => m[1] ?? m[2] ?? '');
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((n) => stepText(`${n}:x`, 'fr') === `${n}:x`)).toEqual([]);
});
