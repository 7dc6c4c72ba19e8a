import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { Certificate } from '@reprise/contracts';

import { isError, RepriseError } from '../lib/errors/index.ts';
import type { RootKey } from '../lib/recovery-key.ts';
import { parseTolerantly } from './bodies.ts';
import { canonical } from './canonical.ts';
import { deniedHome, homePaths, isAbsent, isDenied } from './home.ts';

/** The key of one installation; signs states. Ed25519, RFC 8032. */
export interface SigningKey {
  /** base64 of the 32 raw bytes. */
  readonly publicKey: string;
  /** base64 of the signature over the UTF-8 bytes. */
  sign(text: string): string;
}

const signingKey = (key: KeyObject): SigningKey => ({
  publicKey: rawPublicKey(key),
  sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
});

const rawPublicKey = (key: KeyObject): string =>
  Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

/** Makes `keys/signing.pem` (0600, written beside and renamed, fsynced). The caller has made sure none is in use. */
export function makeSigningKey(home: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const path = homePaths(home).signingKey;
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  fsyncFolder(dirname(path));
  return signingKey(privateKey);
}

/** Throws `keys.absent`, `keys.unsafe` (others may read it), `keys.unreadable`. */
export function loadSigningKey(home: string): SigningKey {
  const path = homePaths(home).signingKey;
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (e) {
    // Closed to this user is not gone: what replaces a lost key must not replace this one.
    throw isAbsent(e) ? new RepriseError('keys.absent', { path }, { cause: e }) : deniedHome(home, e);
  }
  if ((mode & 0o077) !== 0) throw new RepriseError('keys.unsafe', { path, mode: (mode & 0o777).toString(8) });
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(String(key.asymmetricKeyType));
    return signingKey(key);
  } catch (e) {
    if (isDenied(e)) throw deniedHome(home, e);
    throw new RepriseError('keys.unreadable', { path }); // without the cause: it may quote the key
  }
}

/** `key`: base64 of 32 raw bytes. False for anything malformed. */
export function signatureHolds(text: string, signature: string, key: string): boolean {
  const raw = Buffer.from(key, 'base64');
  const bytes = Buffer.from(signature, 'base64');
  if (raw.length !== 32 || bytes.length !== 64) return false;
  try {
    const publicKey = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    });
    return verify(null, Buffer.from(text), publicKey, bytes);
  } catch {
    return false;
  }
}

/** What a signature covers: the canonical text of all the other fields. */
export const signedText = (signed: object): string => canonical({ ...signed, signature: undefined });

/** The root vouches for an installation's key: only possible while the recovery key is typed. */
export function certify(root: RootKey, of: Omit<Certificate, 'v' | 'root' | 'signature'>): Certificate {
  const statement = { v: 1 as const, ...of, root: root.publicKey };
  return { ...statement, signature: root.sign(canonical(statement)) };
}

/**
 * The certificate, where it is one and was signed by the root that it names, and by `root` where one is given; else
 * undefined. Fields of a later version are covered by the signature and left aside.
 */
export function certificateIn(value: unknown, root?: string): Certificate | undefined {
  const certificate = parseTolerantly(Certificate, value);
  if (certificate === undefined || (root !== undefined && certificate.root !== root)) return undefined;
  return signedBy(certificate.root, value, certificate.signature) ? certificate : undefined;
}

/** Does `signature` cover `value` (all but its own field `signature`)? False too where it has no canonical form. */
export function signedBy(key: string, value: unknown, signature: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return signatureHolds(signedText(value), signature, key);
  } catch (e) {
    if (isError(e, 'journal.not-canonical')) return false;
    throw e;
  }
}

/** So that a rename survives a power loss. */
export function fsyncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
