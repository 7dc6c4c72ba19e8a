import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes opening a test repository cheap: restic derives each key for half a second on purpose (scrypt), which a suite
 * with a thousand restic calls cannot afford. The key files are wrapped again under the same passwords with the smallest
 * work factor; everything else of the repository is as restic made it, and the real restic opens it.
 * Format: restic, doc/design.rst, "Keys, Encryption and MAC". For tests alone: such a repository is easy to guess.
 * A key of somebody else stays as it is; throws where no password opens any.
 */
export function cheapenKeys(repository: string, passwords: readonly string[]): void {
  const folder = join(repository, 'keys');
  let opened = 0;
  for (const name of readdirSync(folder)) {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as KeyFile;
    if (file.N === cheapest) opened++;
    if (file.N === cheapest) continue;
    const found = passwords.map((p) => ({ p, master: open(file, p) })).find((o) => o.master !== undefined);
    if (found?.master === undefined) continue;
    opened++;
    const cheap = seal(file, found.p, found.master);
    const text = JSON.stringify(cheap);
    writeFileSync(join(folder, createHash('sha256').update(text).digest('hex')), text, { mode: 0o400 });
    rmSync(join(folder, name), { force: true });
  }
  if (opened === 0) throw new Error(`no password opens a key of ${repository}`);
}
const cheapest = 2;

interface KeyFile {
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly data: string;
  readonly [key: string]: unknown;
}

function keysOf(password: string, { salt, N, r, p }: Pick<KeyFile, 'salt' | 'N' | 'r' | 'p'>) {
  const derived = scryptSync(password, Buffer.from(salt, 'base64'), 64, {
    N,
    r,
    p,
    maxmem: 512 * 1024 * 1024,
  });
  return { encrypt: derived.subarray(0, 32), k: derived.subarray(32, 48), r: derived.subarray(48, 64) };
}

function open(file: KeyFile, password: string): Buffer | undefined {
  const { encrypt, k, r } = keysOf(password, file);
  const data = Buffer.from(file.data, 'base64');
  const [iv, body, mac] = [data.subarray(0, 16), data.subarray(16, -16), data.subarray(-16)];
  if (!poly1305Aes(k, r, iv, body).equals(mac)) return undefined;
  const cipher = createDecipheriv('aes-256-ctr', encrypt, iv);
  return Buffer.concat([cipher.update(body), cipher.final()]);
}

function seal(file: KeyFile, password: string, master: Buffer): KeyFile {
  const cheap = { ...file, N: cheapest, r: 8, p: 1, salt: randomBytes(64).toString('base64') };
  const { encrypt, k, r } = keysOf(password, cheap);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', encrypt, iv);
  const body = Buffer.concat([cipher.update(master), cipher.final()]);
  return { ...cheap, data: Buffer.concat([iv, body, poly1305Aes(k, r, iv, body)]).toString('base64') };
}

/** D. J. Bernstein, "The Poly1305-AES message-authentication code" (2005). A few hundred bytes only. */
function poly1305Aes(k: Buffer, r: Buffer, nonce: Buffer, message: Buffer): Buffer {
  const aes = createCipheriv('aes-128-ecb', k, null).setAutoPadding(false);
  const s = little(aes.update(nonce));
  const clamped = little(r) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  const prime = (1n << 130n) - 5n;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + little(block) + (1n << BigInt(8 * block.length))) * clamped) % prime;
  }
  const tag = (sum + s) & ((1n << 128n) - 1n);
  return Buffer.from(Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').toReversed());
}

const little = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex') || '0'}`);
