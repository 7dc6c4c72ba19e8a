import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { RepriseError } from './errors/index.ts';
import { newRecoveryKey, readRecoveryKey, recoveryKeyOf, rootOf } from './recovery-key.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const keys = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => recoveryKeyOf(bytes).reveal());
const failure = (typed: string): RepriseError => {
  try {
    readRecoveryKey(typed);
  } catch (e) {
    if (e instanceof RepriseError) return e;
  }
  throw new Error('accepted');
};

test('a known key: the format and the derived root never change', () => {
  const key = recoveryKeyOf(Uint8Array.from({ length: 20 }, (_, i) => i));
  expect(key.reveal()).toMatchInlineSnapshot(`"000GC-40R4Y-0M301-E209M-185G2-R38EE-1W810-24GKG"`);
  expect(rootOf(key).publicKey).toMatchInlineSnapshot(`"JFR9fkMr2liiJCtnWdtzHmk7OgMXXNGXFnZiC/yGfAI="`);
});

test('two keys differ and show themselves nowhere', () => {
  const key = newRecoveryKey();
  expect(key.reveal()).not.toBe(newRecoveryKey().reveal());
  expect(key.reveal()).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(`${JSON.stringify({ key })} ${String(key)}`).not.toContain(key.reveal().slice(0, 5));
});

test('what was printed is read back, however it is typed', () => {
  fc.assert(
    fc.property(
      keys,
      fc.constantFrom('', ' ', '-', '–', ' - ', '\u00a0', '\n'),
      fc.boolean(),
      (key, between, lower) => {
        const typed = key
          .replaceAll('-', between)
          .replaceAll('0', 'o')
          .replaceAll('1', lower ? 'l' : 'I');
        expect(readRecoveryKey(lower ? typed.toLowerCase() : typed).reveal()).toBe(key);
      },
    ),
  );
});

test('every wrong character is noticed and its group named', () => {
  fc.assert(
    fc.property(keys, fc.nat(39), fc.integer({ min: 1, max: 31 }), (key, place, by) => {
      const digits = key.replaceAll('-', '').split('');
      digits[place] = alphabet.charAt((alphabet.indexOf(digits[place] ?? '') + by) % 32);
      expect(failure(digits.join(''))).toMatchObject({
        code: 'keys.recovery-key-typo',
        params: { groups: String(Math.floor(place / 5) + 1), of: 8 },
      });
    }),
  );
});

test('neighbours swapped in a group, and groups swapped, are noticed', () => {
  fc.assert(
    fc.property(keys, fc.nat(7), fc.nat(3), fc.nat(7), (key, g, i, h) => {
      const groups = key.split('-');
      const group = groups[g] ?? '';
      const swapped = group.slice(0, i) + group.charAt(i + 1) + group.charAt(i) + group.slice(i + 2);
      if (swapped !== group)
        expect(failure(groups.with(g, swapped).join('-')).code).toBe('keys.recovery-key-typo');
      if (g !== h)
        expect(
          failure(
            groups
              .with(g, groups[h] ?? '')
              .with(h, group)
              .join('-'),
          ).code,
        ).toBe('keys.recovery-key-typo');
    }),
  );
});

test('a missing character and an impossible one have errors of their own, which do not show the key', () => {
  const key = newRecoveryKey().reveal();
  expect(failure(key.slice(0, -1))).toMatchObject({
    code: 'keys.recovery-key-length',
    params: { found: 39, expected: 40 },
  });
  const error = failure(key.slice(0, 7) + 'U' + key.slice(8));
  expect(error).toMatchObject({ code: 'keys.recovery-key-character', params: { group: 2, place: 2 } });
  for (const language of ['en', 'fr'] as const)
    expect(JSON.stringify(error.text(language))).not.toContain(key.slice(0, 5));
});

test('any text is a key or a clear error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (typed) => {
      expect(failure(typed).code).toMatch(/^keys\.recovery-key-/);
    }),
  );
});
