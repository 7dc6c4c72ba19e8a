import type { OxlintOverride } from 'oxlint';

/**
 * Who may import whom in packages/reprise/src (docs/design.md, "Layout"), as linter rules. Every folder has its own
 * wall: an override replaces the rule of a wider one, it does not add to it.
 */
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
const ground = ['lib', 'journal', 'hosts', 'services', 'kinds', 'products'] as const;
const folders = [...ground, ...stages, 'runs', 'cli', 'daemon'] as const;
type Folder = (typeof folders)[number];
const src = 'packages/reprise/src';

interface Pattern {
  readonly group: string[];
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

/** Folders whose code each one may use. Contracts (a package) are open to all; app.ts to cli, daemon and bin.ts. */
const open: Record<Exclude<Folder, (typeof stages)[number]>, readonly Folder[]> = {
  lib: [],
  journal: ['lib'],
  hosts: ['lib'],
  services: ['lib', 'hosts'],
  kinds: ['lib', 'hosts', 'services'],
  products: ['lib', 'hosts', 'services', 'kinds'],
  runs: [...ground, ...stages],
  cli: ['lib'],
  daemon: ['lib'],
};

/** A folder as it is written in imports from one, two or three levels of folders away. */
const from = (names: readonly string[]): string[] =>
  names.flatMap((n) => [`../${n}/**`, `../../${n}/**`, `../../../${n}/**`]);
const app = ['../app.ts', '../../app.ts', '../../../app.ts'];

const processes = ['node:child_process', 'child_process', 'execa', 'dockerode'].map((name) => ({
  name,
  message: 'Only src/hosts may start processes: take a Host and call host.run(command, signal).',
}));

const wall = (folder: string, patterns: readonly Pattern[]): OxlintOverride => ({
  files: [`${src}/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      { paths: folder === 'hosts' ? [] : processes, patterns: patterns.filter((p) => p.group.length > 0) },
    ],
  },
});

const closed = (folder: Folder, allowed: readonly Folder[]): Pattern => ({
  group: from(folders.filter((f) => f !== folder && !allowed.includes(f))),
  message: `${folder} may import only contracts${allowed.map((f) => `, ${f}`).join('')}.`,
});
const noApp: Pattern = { group: app, message: 'app.ts wires everything: nothing it wires imports it.' };

export const walls: readonly OxlintOverride[] = [
  wall('**', []),
  ...(Object.keys(open) as (keyof typeof open)[]).map((folder) =>
    wall(folder, [closed(folder, open[folder]), ...(folder === 'cli' || folder === 'daemon' ? [] : [noApp])]),
  ),
  ...stages.map((stage, i) =>
    wall(stage, [
      {
        group: from([...stages.slice(i + 1), 'runs', 'cli', 'daemon']),
        message: `${stage} runs before this one: runs/ wires them.`,
      },
      {
        group: from(stages.slice(0, i)),
        allowTypeImports: true,
        message: 'Only types of earlier stages: write "import type", let runs/ pass the value.',
      },
      noApp,
    ]),
  ),
];
