import type { Finding } from '@reprise/contracts';

import type { FindingCode } from '../../lib/findings/index.ts';
import { judge } from '../../lib/findings/index.ts';
import type { Said } from '../../lib/language.ts';
import { failureCode, messageOf } from '../failure.ts';
import { patiently } from '../invoke.ts';
import { linesOf } from '../lines.ts';
import type { Restic } from '../restic.ts';

const kinds: readonly (readonly [FindingCode & `repository.${string}`, RegExp])[] = [
  ['repository.pack-missing', /^pack [0-9a-f]{64}: does not exist/],
  ['repository.pack-damaged', /^pack [0-9a-f]{64}|^\s*Pack ID does not match|ciphertext verification failed/],
  ['repository.index-damaged', /error loading index/],
  ['repository.snapshot-damaged', /failed to load snapshot/],
  ['repository.index-missing', /not found in (repository|index)/],
  ['repository.error', /^(error|Fatal): (?!repository contains errors)/],
];
/** More than this many findings say nothing new. */
const most = 100;

/**
 * Judges the structure of the repository and, with `read` ("3/10"), reads that slice of the packs back. Damage is a
 * finding; what keeps it from being judged is thrown. Source: restic manual, "Checking integrity and consistency".
 */
export async function check(restic: Restic, signal: AbortSignal, read?: string): Promise<readonly Finding[]> {
  if (read !== undefined && !/^[1-9]\d*\/[1-9]\d*$/.test(read))
    throw new TypeError(`not a slice n/t: ${read}`);
  const slice = read === undefined ? [] : ['--read-data-subset', read];
  return await patiently(restic, signal, async (retry) => {
    const said = new Map<string, Finding>();
    const heard = (line: string): void => {
      for (const message of messageOf(line).split('\n')) {
        const code = kinds.find(([, sign]) => sign.test(message))?.[0];
        const what = message.trim().slice(0, 300);
        if (code !== undefined && said.size < most)
          said.set(what, judge('fail', code, restic.deps.name, { what } as never));
      }
    };
    const args = ['check', '--json', ...retry, ...slice] as [string, ...string[]];
    const started = await restic.start({ args, heard }, signal);
    for await (const _progress of linesOf(started.stdout));
    const ended = await started.done;
    if (ended.code === 0 && said.size === 0)
      return [judge('pass', 'repository.checked', restic.deps.name, { slice: read ?? null })];
    if (failureCode(ended.code, ended.stderr) !== 'repository.damaged' || ended.code === 0)
      restic.check(ended);
    else if (said.size === 0) {
      const { what = '' } = restic.failure(ended).params as { readonly what?: Said };
      heard(`error: ${typeof what === 'string' ? what : what.en}`);
    }
    return [...said.values()];
  });
}
