import { expect } from 'vitest';

import type { Arena } from './arena.ts';
import { Matrix } from './matrix.ts';
import { toTry } from './positions.ts';
import { type Case, trial, undisturbed } from './trial.ts';

/** `REPRISE_FAULTS_ONLY=<regular expression>` tries those positions alone, such as `backup before-finished@state`. */
const only = process.env['REPRISE_FAULTS_ONLY'];

/** Every moment of every step: killed there, then typed again. All failures are shown, not the first alone. */
export async function sweep(arena: Arena, of: Case): Promise<void> {
  const trace = await undisturbed(arena, of);
  const positions = toTry(of.name, trace, only);
  const matrix = new Matrix(of.name);
  const failures: string[] = [];
  const began = performance.now();
  for (const position of positions) {
    const at = `${position.moment}@${position.step}`;
    if (position.same !== undefined) {
      matrix.set(position, `= ${position.same}`);
      continue;
    }
    try {
      const { answered, seconds } = await trial(arena, of, trace, { at });
      const service = answered === null ? '' : ` (service ${answered.toFixed(1)} s)`;
      matrix.set(position, `ok ${seconds.toFixed(1)} s${service}`);
    } catch (e) {
      matrix.set(position, 'FAILED');
      failures.push(`${at}: ${(e as Error).message}`);
    }
  }
  const tried = positions.filter((p) => p.same === undefined).length;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${matrix.text()}\n${positions.length} positions, ${tried} states tried, ${seconds} s; undisturbed ${(trace.ms / 1000).toFixed(1)} s\n`,
  );
  expect(failures.join('\n\n')).toBe('');
}
