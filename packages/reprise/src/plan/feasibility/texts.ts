import type { Finding } from '@reprise/contracts';

import type { Key } from '../problem.ts';
import { isPlaceholder } from './people.ts';
import { at, type View } from './view.ts';

/** Values that were never filled in, and secrets that stand in the plan. */
export function texts(view: View): readonly Finding[] {
  const all = [...strings(view.plan.plan, [])];
  const open = all.filter(({ path, text }) => path[0] !== 'people' && isPlaceholder(text));
  const secret = all.filter(({ path, text }) => isSecret(path, text));
  return [
    ...open.map(({ path }) => at(view, path, 'fail', 'plan.placeholder', path.join('.'), {})),
    ...secret.map(({ path }) => at(view, path, 'fail', 'plan.secret', path.join('.'), {})),
    ...(secret.length === 0 ? [at(view, [], 'pass', 'plan.secret', 'plan', {})] : []),
  ];
}

function* strings(value: unknown, path: readonly Key[]): Generator<{ path: readonly Key[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* strings(item, [...path, i]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* strings(item, [...path, key]);
}

const secretName =
  /(^|_)(PASS|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|PRIVATE_KEY|API_KEY|ACCESS_KEY|CREDENTIALS?)(_|$)/i;
const secretArgument = /(pass(word|wd|phrase)?|secret|token|api[-_]?key)=\S/i;
const secretAddress = /:\/\/[^/@\s:]*:[^/@\s]+@/;

/**
 * A literal under a key such as DB_PASSWORD (names of files are no secrets), an argument such as --password=…, an
 * address with a password in it. A value that came from a variable of the environment counts as well: in argv it can
 * be seen by every process, and in `env` there is `secrets` for it.
 */
function isSecret(path: readonly Key[], text: string): boolean {
  const key = path.at(-1);
  const parent = path.at(-2);
  if (parent === 'env' && typeof key === 'string')
    return secretName.test(key) && text !== '' && !key.endsWith('_FILE');
  return (parent === 'argv' && secretArgument.test(text)) || secretAddress.test(text);
}
