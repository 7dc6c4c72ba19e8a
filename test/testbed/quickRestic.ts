import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { must } from './process.ts';

const tools = resolve(import.meta.dirname, '../../.cache/tools/bin');

/**
 * Vitest's global set-up of the suites with real repositories: `restic` of PATH becomes the one that was set up, quick.
 * restic makes each key cost half a second on purpose, and works three seconds to find out how much that is, which a
 * thousand calls cannot afford. What by-hand instructions and the published package are tried with is as it was set up.
 */
export async function setup(): Promise<() => Promise<void>> {
  const path = [tools, process.env['PATH'] ?? ''].join(delimiter);
  const real = (await must(['sh', '-c', 'command -v restic'], { env: { PATH: path } })).trim();
  const folder = await mkdtemp(join(tmpdir(), 'reprise-quick-'));
  await chmod(folder, 0o755); // programs that run as another user find it, too
  const program = join(folder, 'restic');
  const quick = quickened(await readFile(real));
  if (quick === undefined) await symlink(real, program);
  else await writeFile(program, quick, { mode: 0o755 });
  process.env['PATH'] = [folder, path].join(delimiter); // workers inherit it
  return async () => await rm(folder, { recursive: true, force: true });
}

/**
 * The same program with one constant changed: a new key is to cost 1 ms, not 500. Everything else is restic's own code,
 * and opens keys of any restic. undefined where that constant is not found exactly once, for another version or
 * processor: suites are slower then. Source: restic, internal/repository/key.go, KDFTimeout and KDFMemory (60 MiB) as
 * arguments of one call, on amd64 `mov eax, 500000000; mov ebx, 60`.
 */
function quickened(program: Buffer): Buffer | undefined {
  const call = (ns: number): Buffer => {
    const code = Buffer.from('b800000000bb3c000000', 'hex');
    code.writeUInt32LE(ns, 1);
    return code;
  };
  const [was, is] = [call(500_000_000), call(1_000_000)];
  const at = program.indexOf(was);
  if (at < 0 || program.indexOf(was, at + 1) >= 0) return undefined;
  is.copy(program, at);
  return program;
}
