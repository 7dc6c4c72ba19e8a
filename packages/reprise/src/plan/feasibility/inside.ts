import type { Finding } from '@reprise/contracts';

import type { ResolvedComponent } from '../resolved.ts';
import { localFolder } from './support.ts';
import { at, type View, withData } from './view.ts';

/**
 * Data and Reprise's own places inside one another. What lies in a component's folder is left out of its captures, else
 * each would hold those before it; but a repository in there goes when the folder goes.
 */
export const inside = (view: View): readonly Finding[] =>
  withData(view).flatMap((component) => {
    const paths = view.kinds.get(component.kind)?.paths?.(component.spec) ?? [];
    return paths.flatMap((path) => [...within(view, component, path), ...around(view, component, path)]);
  });

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder.replace(/\/+$/, '')}/`);

function around(view: View, component: ResolvedComponent, path: string): readonly Finding[] {
  const { scratch } = view.plan.plan.recovery;
  const held = repositories(view).filter(({ folder }) => isBelow(folder, path));
  const params = { path, repositories: held.map((r) => r.name).join(', ') };
  const place = ['components', component.name];
  if (held.length > 0) return [at(view, place, 'fail', 'plan.encloses', component.name, params)];
  if (scratch === undefined || !isBelow(scratch, path)) return [];
  return [at(view, place, 'pass', 'plan.encloses', component.name, params)];
}

/** Data in a repository or in working space is what a capture would change while it reads it. */
function within(view: View, component: ResolvedComponent, path: string): readonly Finding[] {
  const { scratch } = view.plan.plan.recovery;
  const folders = [...repositories(view).map((r) => r.folder), ...(scratch === undefined ? [] : [scratch])];
  return folders
    .filter((folder) => folder === path || isBelow(path, folder))
    .map((folder) =>
      at(view, ['components', component.name], 'fail', 'plan.within', component.name, { path, folder }),
    );
}

const repositories = (view: View): readonly { readonly name: string; readonly folder: string }[] =>
  Object.entries(view.plan.plan.repositories).flatMap(([name, { url, writer }]) => {
    const folder = localFolder(writer.url ?? url);
    return folder === undefined ? [] : [{ name, folder }];
  });
