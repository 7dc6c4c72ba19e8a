import type { Context } from '../kind.ts';
import { output } from './run.ts';

export type Tool = 'psql' | 'pg_dump' | 'pg_dumpall' | 'pg_restore';

/** The vendor's client programs in one directory (undefined: whatever PATH finds). */
export interface Tools {
  readonly directory: string | undefined;
  path(tool: Tool): string;
}

const inDirectory = (directory: string | undefined): Tools => ({
  directory,
  path: (tool) => (directory === undefined ? tool : `${directory}/${tool}`),
});

/**
 * The tools to use: `bin` of the plan, else those of `major` where Debian's or the project's own packages put them,
 * else the newest there, else PATH. Tools of the server's own major are preferred: newer ones dump it as well, but what
 * they write is only promised to load into their own version or later. Source: PostgreSQL manual, "pg_dump", Notes.
 */
export async function findTools(
  bin: string | undefined,
  at: Pick<Context, 'host' | 'signal'>,
  major?: number,
): Promise<Tools> {
  if (bin !== undefined) return inDirectory(bin);
  const installed = await installedTools(at);
  const chosen = installed.find((found) => found.major === major) ?? installed[0];
  return inDirectory(chosen?.directory);
}

/** Every directory with tools, newest major first. */
async function installedTools(
  at: Pick<Context, 'host' | 'signal'>,
): Promise<{ major: number; directory: string }[]> {
  const found: { major: number; directory: string }[] = [];
  for (const [parent, pattern] of [
    ['/usr/lib/postgresql', /^(\d+)$/],
    ['/usr', /^pgsql-(\d+)$/],
  ] as const) {
    if ((await at.host.stat(parent, at.signal))?.type !== 'directory') continue;
    for (const entry of await at.host.list(parent, at.signal)) {
      const major = Number(pattern.exec(entry)?.[1]);
      const directory = `${parent}/${entry}/bin`;
      if (major > 0 && (await at.host.stat(`${directory}/pg_restore`, at.signal)) !== undefined)
        found.push({ major, directory });
    }
  }
  return found.toSorted((a, b) => b.major - a.major);
}

/** "15.18", by `--version`; undefined where it says something else. Throws `process.missing`. */
export async function versionOf(
  tools: Tools,
  tool: Tool,
  at: Pick<Context, 'host' | 'signal'>,
): Promise<string | undefined> {
  const { exit, stdout } = await output(at.host, { argv: [tools.path(tool), '--version'] }, at.signal);
  return exit.code === 0 ? /\(PostgreSQL\) (\d+\S*)/.exec(stdout)?.[1] : undefined;
}

export const majorOf = (version: string | undefined): number | undefined => {
  const major = Number.parseInt(version ?? '', 10);
  return Number.isNaN(major) ? undefined : major;
};
