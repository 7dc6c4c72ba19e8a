import { open } from 'node:fs/promises';

import type { SecretRef } from '@reprise/contracts';

import { RepriseError, saidOf } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Said } from '../lib/language.ts';
import { Secret } from '../lib/secret.ts';
import { bounded } from '../lib/streams.ts';
import { text } from './finish.ts';
import type { Host } from './host.ts';

export interface SecretSource {
  /** Where secret commands run: the machine of Reprise itself. */
  readonly host: Pick<Host, 'run'>;
  /** Environment of Reprise. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
/** A secret is a key or a password: more is a mistake. */
const limit = 64 * 1024;

/**
 * Fetches a secret at the moment it is needed. One line break at its end is not part of it (editors and `echo` add
 * one). Throws `secret.missing` (also for an empty one), `secret.exposed` for a file that group or others can read.
 */
export async function resolveSecret(
  ref: SecretRef,
  from: SecretSource,
  signal: AbortSignal,
): Promise<Secret> {
  const name = nameOf(ref);
  const missing = (why: Said, cause?: unknown): RepriseError =>
    new RepriseError('secret.missing', { ref: name, why }, { cause });
  const value = (await valueOf(ref, from, signal, missing)).replace(/\r?\n$/, '');
  if (value === '') throw missing(inBoth((t) => t['why.empty']));
  // No environment, file of a password or header can carry it: better said here than by the tool that gets half of it.
  if (value.includes('\0')) throw missing(inBoth((t) => t['why.nul']));
  return new Secret(value);
}

type Missing = (why: Said, cause?: unknown) => RepriseError;

async function valueOf(
  ref: SecretRef,
  { host, env }: SecretSource,
  signal: AbortSignal,
  missing: Missing,
): Promise<string> {
  if ('env' in ref) {
    const value = env[ref.env];
    if (value === undefined) throw missing(inBoth((t) => t['why.not-set']));
    return value;
  }
  if ('file' in ref) return await contentOf(ref.file, missing, signal);
  try {
    return await text(host, { argv: ref.command }, signal, limit);
  } catch (e) {
    signal.throwIfAborted();
    if (e instanceof RepriseError) throw missing(saidOf(e), e);
    throw e;
  }
}

async function contentOf(path: string, missing: Missing, signal: AbortSignal): Promise<string> {
  try {
    // One look at one open file: what is checked is what is read, and no more than that of it.
    await using file = await open(path, 'r');
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0)
      throw new RepriseError('secret.exposed', { path, mode: (mode & 0o777).toString(8).padStart(3, '0') });
    const found = await bounded(file.createReadStream({ signal, autoClose: false }), limit);
    if (found === undefined) throw missing(inBoth((t) => t['why.more-than']({ bytes: limit })));
    return found;
  } catch (e) {
    signal.throwIfAborted();
    if (e instanceof RepriseError) throw e;
    throw missing((e as NodeJS.ErrnoException).code ?? 'error', e);
  }
}

/**
 * How a person finds it in the plan; never its value. A command is named by its program: its arguments may be telling.
 */
const nameOf = (ref: SecretRef): string =>
  'env' in ref ? `env ${ref.env}` : 'file' in ref ? `file ${ref.file}` : `command ${ref.command[0]}`;
