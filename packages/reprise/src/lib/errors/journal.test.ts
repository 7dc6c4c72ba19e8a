import { expect, test } from 'vitest';

import { inBoth } from '../i18n/index.ts';
import { RepriseError } from './index.ts';

test('a plan that is not the signed one stands at no entry', () => {
  const rewritten = (seq: number): RepriseError<'state.rewritten'> =>
    new RepriseError('state.rewritten', {
      where: 'primary 1a2b',
      seq,
      why: inBoth((t) => t['why.other-plan']),
    });
  expect(rewritten(0).text('en').message).toMatch(/the plan is not the signed one\.$/);
  expect(rewritten(0).text('fr').message).toMatch(/le plan n’est pas celui qui a été signé\.$/);
  expect(rewritten(7).text('en').message).toMatch(/ at entry 7\.$/);
  expect(rewritten(7).text('fr').message).toMatch(/ à l’entrée 7\.$/);
});
