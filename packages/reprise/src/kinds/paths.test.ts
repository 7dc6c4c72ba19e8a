import { expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { FilesSpec } from './files/spec.ts';
import { SqliteSpec } from './sqlite/spec.ts';

test.each([
  [FilesSpec, '/', 'not-root'],
  [FilesSpec, '//', 'not-root'],
  [FilesSpec, 'srv', 'absolute-path'],
  [SqliteSpec, '/', 'file-path'],
  [SqliteSpec, '/srv/db/', 'file-path'],
  [SqliteSpec, 'db', 'absolute-path'],
])('what is wrong with a path is said, and nothing else (%#: %s)', (spec, path, rule) => {
  const { error } = spec.safeParse({ path });
  expect(error?.issues.map((i) => i.message)).toEqual([rule]);
  const { message } = new RepriseError('plan.format', { rule, given: path }).text('fr');
  expect(message.includes('chemin absolu')).toBe(!path.startsWith('/'));
  expect(message).not.toContain(rule);
});
