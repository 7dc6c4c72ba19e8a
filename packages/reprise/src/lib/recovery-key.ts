import { createPrivateKey, createPublicKey, hkdfSync, randomBytes, sign } from 'node:crypto';

import { RepriseError } from './errors/index.ts';
import { Secret } from './secret.ts';

/**
 * The recovery key: 160 random bits as 8 groups of 5 characters of Crockford's base32 (digits and capitals without I,
 * L, O, U). Four characters of a group carry 20 bits; the fifth is its check. This text, dashes included, is also the
 * password of the recovery key's slot in every restic repository, so that restic alone can use it.
 *
 *     7ZK4M-0Q3RT-…
 *
 * The check is linear over GF(32) with a different weight for each place and a constant for each group: every single
 * wrong character, every swap of neighbours and every swap of whole groups is noticed, and the group is named.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 8;
const weights = [2, 4, 8, 16] as const; // α¹…α⁴; the check itself has weight 1

/** Multiplication in GF(2⁵) by x⁵ + x² + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let [x, y] = [a, b]; y > 0; y >>= 1) {
    if ((y & 1) === 1) product ^= x;
    x <<= 1;
    if ((x & 32) !== 0) x ^= 0b100101;
  }
  return product;
}

const checkOf = (digits: readonly number[], group: number): number =>
  digits.reduce((sum, digit, i) => sum ^ multiply(digit, weights[i] ?? 1), group + 1);

/** A new key. */
export const newRecoveryKey = (): Secret => recoveryKeyOf(randomBytes(20));

/** The printed text of 20 bytes. */
export function recoveryKeyOf(bytes: Uint8Array): Secret {
  let bits = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const digits: number[] = [];
  for (let i = 0; i < groups * 4; i += 1) {
    digits.unshift(Number(bits & 31n));
    bits >>= 5n;
  }
  const texts = Array.from({ length: groups }, (_, g) => {
    const data = digits.slice(g * 4, g * 4 + 4);
    return [...data, checkOf(data, g)].map((d) => alphabet[d]).join('');
  });
  return new Secret(texts.join('-'));
}

/**
 * What a person typed, as it was printed: any case, O for 0, I or L for 1, with or without dashes and spaces.
 * Throws `keys.recovery-key-length`, `keys.recovery-key-character`, `keys.recovery-key-typo` (which groups); none of
 * them shows what was typed.
 */
export function readRecoveryKey(typed: string): Secret {
  const digits = digitsOf(typed);
  const wrong: number[] = [];
  for (let g = 0; g < groups; g += 1) {
    const group = digits.slice(g * 5, g * 5 + 5);
    if (checkOf(group.slice(0, 4), g) !== group[4]) wrong.push(g + 1);
  }
  if (wrong.length > 0)
    throw new RepriseError('keys.recovery-key-typo', { groups: wrong.join(', '), of: groups });
  return new Secret(
    Array.from({ length: groups }, (_, g) =>
      digits
        .slice(g * 5, g * 5 + 5)
        .map((d) => alphabet[d])
        .join(''),
    ).join('-'),
  );
}

function digitsOf(typed: string): readonly number[] {
  const text = typed
    .normalize('NFKC') // full-width forms, no-break spaces
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const digits = Array.from(text, (c) => alphabet.indexOf(c));
  const unknown = digits.indexOf(-1);
  if (unknown !== -1)
    throw new RepriseError('keys.recovery-key-character', {
      group: Math.floor(unknown / 5) + 1,
      place: (unknown % 5) + 1,
    });
  if (digits.length !== groups * 5)
    throw new RepriseError('keys.recovery-key-length', { found: digits.length, expected: groups * 5 });
  return digits;
}

/** The root of trust: derived while the recovery key is typed, never stored. */
export interface RootKey {
  /** base64 of the 32 raw bytes. */
  readonly publicKey: string;
  sign(text: string): string;
}

/** HKDF-SHA-256 (RFC 5869) of the 160 bits gives the seed of an Ed25519 key (RFC 8032). Throws as `readRecoveryKey`. */
export function rootOf(recoveryKey: Secret): RootKey {
  const digits = digitsOf(readRecoveryKey(recoveryKey.reveal()).reveal());
  const bits = digits.filter((_, i) => i % 5 !== 4).reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  const secret = Buffer.from(bits.toString(16).padStart(40, '0'), 'hex');
  const seed = Buffer.from(hkdfSync('sha256', secret, 'reprise', 'root ed25519 v1', 32));
  // PKCS #8 of an Ed25519 seed has a fixed head: RFC 8410, section 7.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    publicKey: raw.toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}
