import type { Host } from '../hosts/host.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { bounded } from '../lib/streams.ts';
import { isAtLeast } from '../lib/version.ts';
import { minimum } from './failure.ts';

/** "restic 0.18.0 compiled with go1.24.4 on linux/amd64" → "0.18.0". */
export const versionIn = (said: string): string | undefined => /\brestic (\d+\.\d+\.\d+)/.exec(said)?.[1];

/** The version of restic there. Opens no repository: 20 ms. Throws `process.missing`. */
export async function resticVersion(
  host: Pick<Host, 'run'>,
  program: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const running = await host.run({ argv: [program, 'version'] }, signal);
  const said = await bounded(running.stdout, 4096);
  await running.exit;
  return versionIn(said ?? '');
}

/** Throws `repository.too-old` for anything that is not restic ≥ 0.17. */
export async function requireVersion(
  host: Pick<Host, 'run'>,
  program: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await resticVersion(host, program, signal);
  if (found === undefined || !isAtLeast(found, minimum))
    throw new RepriseError('repository.too-old', { found: found ?? '?', needed: minimum });
}
