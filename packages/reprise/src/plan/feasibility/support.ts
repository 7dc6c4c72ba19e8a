import type { Finding } from '@reprise/contracts';

import type { AnyKind } from '../../kinds/kind.ts';
import { plannedKinds, plannedMethods } from '../planned.ts';
import type { Key } from '../problem.ts';
import type { ResolvedPlan } from '../resolved.ts';
import { at, type View } from './view.ts';

/** Something that the plan says and this version cannot act on. */
export interface Unsupported {
  readonly path: readonly Key[];
  /** `service compose`, `repository s3`, `kind volume` … */
  readonly what: string;
}

/** Also for the commands that would have to act on it: they refuse (`plan.unsupported`). */
export function unsupported(
  { plan, components }: Pick<ResolvedPlan, 'plan' | 'components'>,
  kinds: ReadonlyMap<string, Pick<AnyKind, 'methods'>>,
): readonly Unsupported[] {
  return [
    ...Object.entries(plan.hosts).flatMap(([name, h]) =>
      h.kind === 'local' ? [] : [{ path: ['hosts', name, 'kind'], what: `host ${h.kind}` }],
    ),
    ...Object.entries(plan.services).flatMap(([name, s]) =>
      s.kind === 'none' || s.kind === 'command'
        ? []
        : [{ path: ['services', name, 'kind'], what: `service ${s.kind}` }],
    ),
    ...Object.entries(plan.repositories).flatMap(([name, r]) => {
      const backend = backendOf(r.url);
      return backend === 'local' || backend === 'rest'
        ? []
        : [{ path: ['repositories', name, 'url'], what: `repository ${backend}` }];
    }),
    ...Object.entries(plan.protections).flatMap(([name, p]) =>
      Object.entries(p.methods).flatMap(([kind, method]) =>
        plannedMethods.get(kind)?.includes(method) === true && kinds.get(kind)?.methods[method] === undefined
          ? [{ path: ['protections', name, 'methods', kind], what: `method ${kind} ${method}` }]
          : [],
      ),
    ),
    ...[...components.values()].flatMap((c) => {
      const path = ['components', c.name];
      const from = c.common.rebuild?.from ?? 'command';
      return [
        ...(plannedKinds.has(c.kind) && !kinds.has(c.kind)
          ? [{ path: [...path, 'kind'], what: `kind ${c.kind}` }]
          : []),
        ...(from === 'command' ? [] : [{ path: [...path, 'rebuild', 'from'], what: `rebuild ${from}` }]),
      ];
    }),
  ];
}

/** restic's backend by its url: `local`, `rest`, `s3`, `sftp`, `rclone`… */
export const backendOf = (url: string): string =>
  url.startsWith('/') ? 'local' : url.slice(0, url.indexOf(':'));

/** The folder of a repository on this host; undefined: it is elsewhere. */
export const localFolder = (url: string): string | undefined => /^(local:)?(\/.*?)\/*$/.exec(url)?.[2];

export const support = (view: View): readonly Finding[] =>
  unsupported(view.plan, view.kinds).map(({ path, what }) =>
    at(view, path, 'unable', 'plan.unsupported', path.slice(0, 2).join('.'), { what }),
  );
