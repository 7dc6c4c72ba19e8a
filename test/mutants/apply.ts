import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Mutant } from './mutants.ts';

/** The text with the defect in it, or how often its line is there if that is not once. */
export function withDefect(text: string, { from, to }: Mutant): string | { readonly times: number } {
  const lines = text.split('\n');
  const at = lines.flatMap((l, i) => (l.trim() === from ? [i] : []));
  const [i] = at;
  if (i === undefined || at.length !== 1) return { times: at.length };
  return lines
    .with(
      i,
      (lines[i] ?? '').replace(from, () => to),
    )
    .join('\n');
}

/** Why a mutant cannot be put into the checkout; undefined: it can. */
export function misfit(mutant: Mutant, root: string): string | undefined {
  const missing = [mutant.file, ...mutant.tests].find((file) => !existsSync(join(root, file)));
  if (missing !== undefined) return `${missing} is not there`;
  const mutated = withDefect(readFileSync(join(root, mutant.file), 'utf8'), mutant);
  if (typeof mutated !== 'string') return `${mutant.file} has its line ${mutated.times} times`;
  if (mutant.only === undefined) return undefined;
  const { only } = mutant;
  const named = mutant.tests.some((t) => readFileSync(join(root, t), 'utf8').includes(only));
  return named ? undefined : `no test is called "${only}"`;
}
