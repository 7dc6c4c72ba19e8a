import type { Finding } from '@reprise/contracts';

import { at, type View } from './view.ts';

/** Who is called, who decides, and when the plan itself was last looked at. */
export const people = (view: View): readonly Finding[] => [
  ...roles(view),
  ...persons(view),
  approvers(view),
  review(view),
];

function roles(view: View): readonly Finding[] {
  const all = Object.entries(view.plan.plan.roles);
  if (all.length === 0) return [at(view, ['roles'], 'unable', 'plan.role', 'roles', { why: 'none' })];
  return all.map(([name, { primary, secondary }]) => {
    const why = primary === undefined ? 'no-primary' : primary === secondary ? 'same' : 'filled';
    return at(view, ['roles', name], why === 'filled' ? 'pass' : 'fail', 'plan.role', name, { why });
  });
}

const persons = (view: View): readonly Finding[] =>
  Object.entries(view.plan.plan.people).map(([id, { name, phone, email }]) => {
    const missing = [
      ...(usable(name) ? [] : ['name']),
      ...(phone !== undefined && usable(phone) ? [] : ['phone']),
      ...(email !== undefined && usable(email) ? [] : ['email']),
    ];
    return at(view, ['people', id], missing.length === 0 ? 'pass' : 'fail', 'plan.person', id, {
      missing: missing.join(' '),
    });
  });

const toBeDefined =
  /[[(]\s*(à|a)\s+\S+er(\s+\S+)*\s*[\])]|[[(]\s*to\s+be\s+\S+\s*[\])]|[[(]\s*\S+\s+(à|a)\s+\S+ir\s*[\])]|[[(]\s*(à|a)\s+\S+ir\s*[\])]|\b(TBD|TODO|FIXME|XXX)\b|\+?\d{0,3}[ .]?X([ .]X{2}){2,}/i;

/** "[À DÉFINIR]", "(à configurer)", "TBD", "+33 X XX XX XX XX": a place kept for a value that is not there. */
export const isPlaceholder = (text: string): boolean => toBeDefined.test(text);
const usable = (text: string): boolean => text.trim() !== '' && !isPlaceholder(text);

function approvers(view: View): Finding {
  const { approvers: names } = view.plan.plan.document;
  return at(
    view,
    ['document', 'approvers'],
    names.length > 0 ? 'pass' : 'fail',
    'plan.approvers',
    'document',
    {
      names: names.join(', '),
    },
  );
}

function review(view: View): Finding {
  const { reviewed, review_every: every } = view.plan.plan.document;
  const path = ['document', 'reviewed'];
  if (reviewed === undefined || every === undefined)
    return at(view, path, 'unable', 'plan.review', 'document', { reviewed: reviewed ?? null, due: null });
  const due = new Date(Date.parse(reviewed) + every);
  const verdict = Date.parse(reviewed) > view.now.getTime() ? 'unable' : due < view.now ? 'fail' : 'pass';
  return at(view, path, verdict, 'plan.review', 'document', {
    reviewed,
    due: due.toISOString().slice(0, 10),
  });
}
