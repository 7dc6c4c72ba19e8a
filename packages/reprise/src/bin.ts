#!/usr/bin/env node
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// Streams make short-lived garbage, for which V8 would let the young generation grow to 3 × 16 MiB and keep it. Its
// size (`--max-semi-space-size`) is read before this line runs; that it may not grow is read when it would.
setFlagsFromString('--semi-space-growth-factor=1');
// No compile cache: its folder is in the shared temporary directory, and this program often runs as root.
const { main } = await import('./cli/main.ts');

const { argv, env, stdin, stdout, stderr } = process;
process.exit(await main({ argv: argv.slice(2), env, stdin, stdout, stderr }));
