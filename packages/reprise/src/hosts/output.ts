import { createHash } from 'node:crypto';
import { appendFile, open, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { mask, type Secret } from '../lib/secret.ts';
import { makeAll } from './files.ts';

/** What a lasting command prints, one file for each command line: a daemon goes on writing to it after Reprise. */
export function logOf(folder: string, argv: readonly string[]): string {
  const name = basename(argv[0] ?? 'command').replaceAll(/[^\w.-]/g, '_');
  const id = createHash('sha256').update(argv.join('\0')).digest('hex').slice(0, 8);
  return join(folder, `${name}-${id}.log`);
}

/**
 * Opens the file for appending, emptied: never a pipe, or a daemon would be ended by SIGPIPE when Reprise ends, and
 * would keep the output from closing until then. Where no file can be written the output is dropped: a full disk must
 * not keep a service from starting.
 */
export async function openLog(path: string | undefined): Promise<{ readonly fd: number } & AsyncDisposable> {
  const file = await create(path ?? '/dev/null').catch(() => open('/dev/null', 'a'));
  return { fd: file.fd, [Symbol.asyncDispose]: () => file.close() };
}

async function create(path: string) {
  if (path !== '/dev/null') await makeAll(dirname(path), 0o711);
  const file = await open(path, 'a', 0o600);
  if (path !== '/dev/null') await file.truncate();
  return file;
}

/** More than this of an output is not kept where a secret has to be taken out of it. */
const rewritten = 1024 * 1024;

/**
 * Takes secrets out of what was printed so far: a program that cannot start likes to repeat what it was given. What a
 * daemon appends later is its own log. The file stays the same one, as a daemon holds it open for appending.
 */
export async function hideIn(path: string | undefined, secrets: readonly Secret[]): Promise<void> {
  if (path === undefined || secrets.length === 0) return;
  const printed = await tailOf(path, rewritten + roomFor(secrets));
  const hidden = maskedEnd(printed, rewritten, secrets);
  if (printed.equals(hidden)) return;
  await truncate(path);
  await appendFile(path, hidden).catch(() => {}); // on a full disk all of it is lost, and nothing fails for that
}

/** The last `limit` bytes of the file; none where it cannot be read. */
export async function tailOf(path: string | undefined, limit: number): Promise<Buffer> {
  if (path === undefined) return Buffer.alloc(0);
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, Math.max(0, size - limit));
    return buffer.subarray(0, bytesRead);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Bytes to be read beyond a limit, so that of a secret that the limit cuts in two nothing is left. */
export const roomFor = (secrets: readonly Secret[]): number =>
  Math.max(0, ...secrets.map((s) => Buffer.byteLength(s.reveal())));

/**
 * At most `limit` bytes of the end of an output without secrets. `end`: its last `limit` + `roomFor(secrets)` bytes.
 * What is left of a secret whose beginning is not among them lies in the room, which goes once the others are masked.
 */
export function maskedEnd(end: Buffer, limit: number, secrets: readonly Secret[]): Buffer {
  if (secrets.length === 0) return end.subarray(-limit);
  const text = end.toString('utf8');
  const hidden = mask(text, secrets);
  if (hidden === text && end.length <= limit) return end;
  const masked = Buffer.from(hidden);
  return (end.length > limit ? masked.subarray(roomFor(secrets)) : masked).subarray(-limit);
}
