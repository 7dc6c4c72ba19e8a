import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { run } from '../testbed/process.ts';

/** Name → the part of the secret that is looked for. */
export type Canaries = Readonly<Record<string, string>>;
export interface Sighting {
  readonly canary: string;
  readonly where: 'argv' | 'environ';
  readonly variable: string | null;
  readonly command: string;
}

/** Looks at all processes while `work` runs. */
export async function sampled(
  canaries: Canaries,
  work: () => Promise<void>,
): Promise<{ readonly sightings: readonly Sighting[]; readonly looks: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sampler.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(JSON.stringify(canaries));
  await lines.next();
  const sightings: Sighting[] = [];
  let looks = 0;
  const reading = (async () => {
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      const said = JSON.parse(line.value) as Sighting & { looks?: number };
      if (said.looks === undefined) sightings.push(said);
      else looks = said.looks;
    }
  })();
  try {
    await work();
  } finally {
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
    await reading;
  }
  return { sightings, looks };
}

/**
 * Programs that write down the command line and environment they were started with, then become the real ones: what a
 * sampler may miss, these do not. Bash, whose own commands suffice: a helper would inherit what is looked for.
 */
export function recordingPrograms(folder: string, programs: Readonly<Record<string, string>>) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const log = join(folder, 'log');
  writeFileSync(log, '');
  chmodSync(log, 0o666);
  for (const [name, real] of Object.entries(programs))
    writeFileSync(
      join(folder, name),
      [
        '#!/bin/bash',
        `mapfile -d '' all <"/proc/$$/environ"`,
        `{ printf 'argv ${name}'; printf ' %q' "$@"; printf '\\n'; printf 'environ ${name} %q\\n' "\${all[@]}"; } >>${log}`,
        `exec ${real} "$@"`,
        '',
      ].join('\n'),
      { mode: 0o755 },
    );
  return {
    log,
    sightings: (canaries: Canaries): readonly Sighting[] =>
      readFileSync(log, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const [where = '', program = '', ...rest] = line.split(' ');
          return Object.entries(canaries)
            .filter(([, value]) => line.includes(value))
            .map(([canary]): Sighting => ({
              canary,
              where: where === 'argv' ? 'argv' : 'environ',
              variable:
                where === 'argv' ? null : (/^\$?'?([A-Za-z_0-9]+)=/.exec(rest.join(' '))?.[1] ?? null),
              command: `/${program}`,
            }));
        }),
  };
}

/** Files below the folders that hold a canary, as `canary: file`. Binary files too. */
export async function filesWith(canaries: Canaries, folders: readonly string[]): Promise<readonly string[]> {
  const there = folders.filter((f) => existsSync(f));
  if (there.length === 0) return [];
  const found: string[] = [];
  for (const [name, value] of Object.entries(canaries)) {
    const { stdout } = await run(['grep', '-rlaF', '--exclude-dir=proc', '-e', value, ...there]);
    found.push(
      ...stdout
        .split('\n')
        .filter(Boolean)
        .map((file) => `${name}: ${file}`),
    );
  }
  return found;
}
