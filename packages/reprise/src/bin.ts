#!/usr/bin/env node
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// Streams make short-lived garbage, for which V8 would let the young generation grow to 3 × 16 MiB and keep it. Its size
// (`--max-semi-space-size`) is read before this line runs; that it may not grow is read when it would.
setFlagsFromString('--semi-space-growth-factor=1');
// No compile cache: its folder is in the shared temporary directory, and this program often runs as root.
const { main } = await import('./cli/main.ts');

const { argv, env, stdin, stdout, stderr } = process;
const code = await main({ argv: argv.slice(2), env, stdin, stdout, stderr });

/** What a pipe has not taken yet would be lost by an exit; a reader that went away is not waited for. */
const drained = async (stream: NodeJS.WriteStream): Promise<void> =>
  await new Promise((done) => {
    if (stream.destroyed || !stream.writable) done();
    else stream.write('', () => done());
  });
await Promise.all([drained(stdout), drained(stderr)]);
process.exit(code);
