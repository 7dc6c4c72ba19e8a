import type { Finding } from '@reprise/contracts';

import type { FindingCode } from '../../lib/findings/index.ts';
import { judge } from '../../lib/findings/index.ts';
import type { Said } from '../../lib/language.ts';
import { failureCode, messageOf } from '../failure.ts';
import { patiently } from '../invoke.ts';
import { jsonOf, linesOf } from '../lines.ts';
import type { Restic } from '../restic.ts';

const kinds: readonly (readonly [FindingCode & `repository.${string}`, RegExp])[] = [
  ['repository.pack-missing', /^pack [0-9a-f]{64}: does not exist/],
  ['repository.pack-damaged', /^pack [0-9a-f]{64}|^\s*Pack ID does not match|ciphertext verification failed/],
  ['repository.index-damaged', /error loading index/],
  ['repository.snapshot-damaged', /failed to load snapshot/],
  ['repository.index-missing', /not found in (repository|index)/],
  ['repository.error', /^(error|Fatal): (?!repository contains errors)/],
];
/** What restic 0.17 ends with: its `check` knows no JSON. Source: restic 0.17.3, cmd/restic/cmd_check.go. */
const wholeBefore18 = 'no errors were found';
/** More than this many findings say nothing new. */
const most = 100;

/**
 * Judges the structure of the repository and, with `read` ("3/10"), reads that slice of the packs back. Damage is a
 * finding; what keeps it from being judged is thrown, as is a restic that ends well and does not say that it checked
 * anything (`repository.failed`). Source: restic manual, "Checking integrity and consistency", "JSON output".
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
    let errors: unknown; // how many; undefined: nothing says that anything was checked
    for await (const line of linesOf(started.stdout)) {
      const message = jsonOf(line);
      if (message?.['message_type'] === 'summary') errors = message['num_errors'];
      else if (line === wholeBefore18) errors = 0;
    }
    const ended = await started.done;
    if (ended.code === 0 && said.size === 0 && errors !== 0)
      throw restic.failure({ code: 0, stderr: 'check: exit 0 without a summary that says 0 errors' });
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
