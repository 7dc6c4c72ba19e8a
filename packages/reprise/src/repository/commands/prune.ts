import { messagesOf } from '../failure.ts';
import { output, patiently } from '../invoke.ts';
import type { Restic } from '../restic.ts';

/**
 * Reclaims the space of what no snapshot needs. Throws `repository.append-only` where the server refused to remove it.
 */
export async function prune(restic: Restic, signal: AbortSignal): Promise<void> {
  const { stderr } = await patiently(
    restic,
    signal,
    async (retry) => await output(restic, { args: ['prune', ...retry] }, signal),
  );
  // Restic goes on after a file that it may not remove, and exits with 0.
  const refused = messagesOf(stderr).find((l) => /^(Remove\(<|unable to remove )/.test(l));
  if (refused !== undefined) throw restic.failure({ code: 1, stderr });
}
