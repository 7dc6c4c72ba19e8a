import { stringify } from 'yaml';

import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';
import type { Found } from './discover.ts';

export interface Draft {
  readonly system: string;
  readonly language: Language;
  readonly timezone: string;
  /** How editors find the schema, from the plan's folder. */
  readonly schema: string;
  readonly found: readonly Found[];
  /** Addresses as restic writes them; the first is the primary, the others get copies. */
  readonly repositories: readonly string[];
}

/** The text of a first plan: complete, commented, and honest about what only a person can decide. */
export function planText(draft: Draft): string {
  const t = words(draft.language);
  const names = draft.repositories.map((_, i) => (i === 0 ? 'primary' : i === 1 ? 'copy' : `copy-${i}`));
  const repositories = Object.fromEntries(
    draft.repositories.map((url, i) => [names[i], { url: escaped(url), role: i === 0 ? 'primary' : 'copy' }]),
  );
  const components = Object.fromEntries(draft.found.map((f) => [f.name, component(f)]));
  return [
    `# yaml-language-server: $schema=${draft.schema}`,
    comment(t['draft.head']),
    yaml({ version: 1, system: draft.system, language: draft.language }),
    comment(t['draft.tiers']),
    yaml({ tiers: { standard: { rpo: '12h', rto: '4h', mtd: '24h', tolerance: '1h' } } }),
    comment(t['draft.repositories']),
    yaml({ repositories: mapped(repositories, retention) }),
    comment(t['draft.protections']),
    yaml({
      protections: {
        regular: { schedule: '0 */6 * * *', timezone: draft.timezone, repositories: names },
      },
    }),
    comment(t['draft.components']),
    yaml({ components }),
  ].join('\n');
}

const retention = { last: 4, daily: 14, weekly: 8, monthly: 12 };
const mapped = (repositories: Readonly<Record<string, object>>, keep: object) =>
  Object.fromEntries(Object.entries(repositories).map(([name, r]) => [name, { ...r, retention: keep }]));

const yaml = (value: object): string => stringify(value, { lineWidth: 110, aliasDuplicateObjects: false });

const component = (f: Found) => ({
  kind: f.kind,
  tier: 'standard',
  captures: ['regular'],
  ...(f.after === undefined ? {} : { depends_on: [f.after] }),
  ...(deep(f.spec) as object),
  ...checks(f),
});

/**
 * A first check of each kind: that it answers, that something is there. What is true of the data, only its owner knows.
 */
function checks({ kind, spec }: Found): object {
  if (kind === 'files') {
    const path = spec['path'];
    return typeof path === 'string'
      ? { checks: [{ name: 'files', kind: 'files', path: escaped(path) }] }
      : {};
  }
  return { checks: [{ name: 'answers', kind: 'sql', query: 'SELECT 1', expect: '1' }] };
}

/** `${…}` in a path that was found is itself, not a variable. */
const escaped = (text: string): string => text.replaceAll('${', () => '$${');
const deep = (value: unknown): unknown =>
  typeof value === 'string'
    ? escaped(value)
    : Array.isArray(value)
      ? value.map(deep)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v)]))
        : value;

const comment = (text: string): string =>
  text
    .split('\n')
    .map((l) => `# ${l}`.trimEnd())
    .join('\n');
