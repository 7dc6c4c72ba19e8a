import { output } from '../invoke.ts';
import { jsonOf } from '../lines.ts';
import type { Restic } from '../restic.ts';

/** Creates the repository and gives its id. Throws `repository.exists` where there is one. */
export async function init(restic: Restic, signal: AbortSignal, chunkerOf?: Restic): Promise<string> {
  // The same chunker parameters: what is copied later is deduplicated against what is there.
  const chunker = chunkerOf === undefined ? [] : ['--copy-chunker-params'];
  const { stdout } = await output(restic, { args: ['init', '--json', ...chunker], from: chunkerOf }, signal);
  const id = stdout
    .split('\n')
    .map(jsonOf)
    .find((m) => m?.['message_type'] === 'initialized')?.['id'];
  if (typeof id !== 'string') throw restic.failure({ code: 0, stderr: 'init: no repository id' });
  return id;
}

/** The repository's id; opening it proves the password. */
export async function repositoryId(restic: Restic, signal: AbortSignal): Promise<string> {
  const { stdout } = await output(restic, { args: ['cat', 'config', '--no-lock'] }, signal);
  const { id } = JSON.parse(stdout) as { id?: string };
  if (id === undefined) throw restic.failure({ code: 0, stderr: 'cat config: no repository id' });
  return id;
}
