import { describe, expect, test } from 'vitest';

import { broken, cases, fileStore } from '../../packages/reprise/src/kinds/conformance/index.ts';
import { sqliteSetup } from './kinds/sqlite-setup.ts';

/** A suite that lets a broken kind pass proves nothing of those that it lets pass. */
const healthy = sqliteSetup((_, folder) => fileStore(folder), 'wal');

const caseOf = (name: RegExp) => {
  const found = cases.filter((c) => name.test(c.name));
  if (found.length !== 1 || found[0] === undefined)
    throw new TypeError(`${name} names ${found.length} cases`);
  return found[0];
};

describe('each broken kind is caught, for its own reason', () => {
  test('there are eight', () => {
    expect(broken.map((b) => b.name)).toEqual([
      'returns no bytes',
      'swallows the exit code',
      'ignores the signal',
      'restores into a full place',
      'wrong as-of',
      'leaks scratch',
      'drops ownership',
      'secret in argv',
    ]);
  });
  for (const defect of broken) {
    const one = caseOf(defect.caughtBy);
    test(`${defect.name}: "${one.name}"`, async () => {
      await expect(one.run(defect.breaks(healthy))).rejects.toThrow(defect.because);
    });
  }
  for (const one of new Set(broken.map((b) => caseOf(b.caughtBy)))) {
    test(`control: the healthy kind passes "${one.name}"`, async () => {
      await one.run(healthy);
    });
  }
});
