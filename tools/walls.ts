import type { OxlintOverride } from 'oxlint';

/**
 * Who may import whom, for packages/reprise/src: docs/design.md, "Layout". `base` are the layers below all stages, from
 * the lowest up; stages are in running order. Each may import what is named here by value, nothing else.
 */
const base: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  journal: ['lib'],
  hosts: ['lib'],
  services: ['lib', 'hosts'],
  kinds: ['lib', 'hosts', 'services'],
  products: ['lib', 'hosts', 'services', 'kinds'],
};
const stages = [
  'plan',
  'discovery',
  'schedule',
  'capture',
  'repository',
  'catalogue',
  'recovery',
  'drill',
  'evidence',
] as const;
const shells = ['cli', 'daemon'] as const;
const src = 'packages/reprise/src';

/** Every folder of src that may exist; `test/walls.test.ts` fails on one that is not here. */
export const folders: readonly string[] = [...Object.keys(base), ...stages, 'runs', ...shells];
const others = (...allowed: readonly string[]): string[] => folders.filter((f) => !allowed.includes(f));

interface Path {
  readonly name: string;
  readonly message: string;
}
interface Pattern {
  readonly group: string[];
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

const processes: Path[] = ['node:child_process', 'child_process', 'execa', 'dockerode'].map((name) => ({
  name,
  message: 'Only src/hosts may start processes: take a Host and call host.run(command, signal).',
}));

/** `../x/y.ts` as seen from a folder and from one and two levels below it. */
const from = (...names: readonly string[]): string[] =>
  ['..', '../..', '../../..'].flatMap((up) => names.map((n) => `${up}/${n}/**`));
const app = ['../app.ts', '../../app.ts', '../../../app.ts'];

/** Overrides replace each other's options, they do not merge: each folder has one wall that says everything. */
const wall = (file: string, patterns: Pattern[], paths: Path[] = processes): OxlintOverride => ({
  files: [`${src}/${file}`],
  rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
});
const only = (folder: string, allowed: readonly string[]): Pattern => ({
  group: [...from(...others(folder, ...allowed)), ...app],
  message: `${folder} imports only ${['contracts', ...allowed].join(', ')}.`,
});

export const walls: readonly OxlintOverride[] = [
  wall('**', []),
  ...Object.entries(base).map(([folder, allowed]) =>
    wall(`${folder}/**`, [only(folder, allowed)], folder === 'hosts' ? [] : processes),
  ),
  wall('kinds/kind.ts', [
    only('kinds', ['lib', 'hosts', 'services']),
    { group: ['./**'], message: 'kind.ts is the interface: it knows no kind.' },
  ]),
  ...stages.map((stage, i) =>
    wall(`${stage}/**`, [
      {
        group: [...from(...stages.slice(i + 1), 'runs', ...shells), ...app],
        message: `${stage} runs before this one: runs/ wires them.`,
      },
      ...(i === 0
        ? []
        : [
            {
              group: from(...stages.slice(0, i)),
              allowTypeImports: true,
              message: 'Only types of earlier stages: write "import type", let runs/ pass the value.',
            },
          ]),
    ]),
  ),
  wall('runs/**', [
    { group: [...from(...shells), ...app], message: 'runs/ is wired by app.ts and knows no command line.' },
  ]),
  wall('app.ts', [{ group: shells.map((s) => `./${s}/**`), message: 'app.ts knows no command line.' }]),
  ...shells.map((shell) =>
    wall(`${shell}/**`, [
      {
        group: from(...others('lib', shell)),
        message: `${shell} imports only app.ts (lazily), lib and contracts.`,
      },
    ]),
  ),
];
