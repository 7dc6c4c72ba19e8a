import type { Finding, Point } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { ComponentKind, Context, HandStep, Method, Restorable } from '../kind.ts';
import { quote } from '../shell.ts';
import { canonical } from '../tool.ts';
import { capture } from './capture.ts';
import { compare, compareRoot } from './compare.ts';
import { discover } from './discover.ts';
import { recordedIn } from './inventory.ts';
import { besideKept, isShared, keptBelow } from './kept.ts';
import { isEmptyPoint, restore, stageFor } from './restore.ts';
import { rightsByHand, rightsOf } from './root.ts';
import { FilesSpec } from './spec.ts';
import { tally } from './tally.ts';
import { extentOf, survey, treeOf } from './tree.ts';
import { clear, isVacant, ownName } from './vacancy.ts';
import { walk } from './walk.ts';

/** A folder as it is: owners, modes, times, links, ACLs and extended attributes, whatever the names. */
const tree: Method<FilesSpec> = {
  name: 'tree',
  traits: {
    restoresInto: 'stopped',
    consistency: 'fuzzy',
    chain: 'full',
    needsService: false,
    inspects: 'read',
  },
  preflight,
  capture: async (spec, at, since) => capture(spec, at, since),
  inspect,
  forecast: async () => ({ scratch: 0, findings: [] }),
  restore,
  byHand,
};

export const files: ComponentKind<typeof FilesSpec> = {
  name: 'files',
  spec: FilesSpec,
  methods: { tree },
  defaultMethod: 'tree',
  defaultLevel: 'stored',
  discover,
  relocate: (spec, place) => ({ ...spec, path: place.path(spec.path) }),
  isVacant,
  clear,
  verify,
  witness: async (spec, at) => {
    const { newest } = await tally(walk(at.host, await treeOf(spec, at), at.signal));
    return newest === null ? undefined : new Date(newest * 1000);
  },
  paths: (spec) => [spec.path],
  extents: (spec) => [extentOf(spec)],
};

async function preflight(spec: FilesSpec, at: Context): Promise<readonly Finding[]> {
  const selection = await treeOf(spec, at);
  if ((await rightsOf(selection.root, at)) === undefined)
    return [judge('fail', 'files.root', at.component, { path: spec.path })];
  const seen = await survey(selection, at);
  const filled = seen.files > 0 || spec.allow_empty;
  return [
    judge('pass', 'files.root', at.component, { path: spec.path }),
    judge(filled ? 'pass' : 'fail', 'files.empty', at.component, { path: spec.path }),
    ...seen.missing.map((include) =>
      judge('fail', 'files.include-missing', at.component, { path: spec.path, include }),
    ),
  ];
}

/** Restores it into working space and compares: reads every byte of the tree back from the repository. */
async function inspect(stored: Restorable, at: Context): Promise<readonly Finding[]> {
  if (isEmptyPoint(stored)) return [judge('pass', 'files.recorded', at.component, { part: 'empty' })];
  await using scratch = await at.host.scratch(stored.point.bytes, at.signal);
  const folder = `${scratch.path}/tree`;
  await at.host.mkdir(folder, 0o700, at.signal);
  await stored.place('tree', folder, at.signal);
  return await compare(folder, stored.point.inventory, at);
}

async function verify(
  spec: FilesSpec,
  at: Context,
  recorded: Parameters<typeof compare>[1],
): Promise<readonly Finding[]> {
  const root = await canonical(at.host, spec.path, at.signal);
  if ((await rightsOf(root, at)) === undefined)
    return [judge('fail', 'files.root', at.component, { path: spec.path })];
  if (
    (await at.host.stat(
      stageFor(root, true, isShared(spec, root, at) ? ownName(at) : undefined),
      at.signal,
    )) !== undefined
  )
    return [judge('fail', 'files.half', at.component, { path: root })];
  const findings = [
    ...(await compare(root, recorded, at)),
    ...(await compareRoot(root, recorded, at, isShared(spec, root, at))),
  ];
  // What is in no capture is in no comparison either.
  const compared = { kept: at.kept?.filter((path) => at.never?.includes(path) !== true) ?? [] };
  return besideKept(findings, keptBelow(root, compared), at);
}

function byHand(point: Point, spec: FilesSpec): readonly HandStep[] {
  const folder = quote(spec.path);
  const root = recordedIn(point.inventory)?.root;
  const rights = root === undefined ? '' : ` && ${rightsByHand(root, folder)}`;
  const empty = point.copies.every((copy) => copy.parts.every((part) => part.name !== 'tree'));
  return [
    {
      en: `Make the folder ${spec.path}. It must be empty or absent: files of the same names would be overwritten. What is listed now, rename first.`,
      fr: `Créez le dossier ${spec.path}. Il doit être vide ou absent : des fichiers de même nom seraient écrasés. Ce qui s’affiche maintenant, renommez-le d’abord.`,
      shell: `mkdir -p ${folder}${rights} && ls -lA ${folder}`,
    },
    ...(empty
      ? []
      : [
          {
            en: 'Restore the files, with owners and permissions (as root). If it fails, type it again: it goes on in the same folder.',
            fr: 'Restaurez les fichiers, avec propriétaires et droits (en root). En cas d’échec, recommencez : la reprise se fait dans le même dossier.',
            shell: `{{restic}} restore {{snapshot:tree}} --target ${folder} --verify${rights}`,
          },
        ]),
  ];
}
