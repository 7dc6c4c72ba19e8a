import type { OxlintOverride } from 'oxlint';

/** Who may import whom, for packages/reprise/src. Stages are in running order. */
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
const src = 'packages/reprise/src';

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
  message: 'Only src/hosts may start processes: take a Host and call host.run(cmd, signal).',
}));

/** `../x/y.ts` as seen from `<folder>/` and from one level below it. */
const from = (...names: readonly string[]): string[] =>
  names.flatMap((n) => [`../${n}/**`, `../../${n}/**`, `../../../${n}/**`]);
const outside = ['../**'];

const wall = (
  files: string | readonly string[],
  patterns: Pattern[],
  paths: Path[] = processes,
): OxlintOverride => ({
  files: [files].flat().map((f) => `${src}/${f}/**`),
  rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
});

export const walls: readonly OxlintOverride[] = [
  wall('**', []),
  wall('lib', [{ group: outside, message: 'lib imports only contracts.' }]),
  wall('journal', [
    { group: [...outside, '!../lib/**'], message: 'journal imports only contracts and lib.' },
  ]),
  wall('hosts', [{ group: [...outside, '!../lib/**'], message: 'hosts import only contracts and lib.' }], []),
  wall('kinds', [
    {
      group: from(...stages, 'journal', 'runs', 'cli', 'daemon'),
      message: 'A kind knows no stage: it gets what it needs through Context.',
    },
  ]),
  ...stages.map((stage, i) =>
    wall(stage, [
      {
        group: from(...stages.slice(i + 1), 'runs', 'cli', 'daemon'),
        message: `${stage} runs before this one: runs/ wires them.`,
      },
      {
        group: from(...stages.slice(0, i)),
        allowTypeImports: true,
        message: 'Only types of earlier stages: write "import type", let runs/ pass the value.',
      },
    ]),
  ),
  wall(
    ['cli', 'daemon'],
    [
      {
        group: [...outside, '!../app.ts', '!../lib/**'],
        message: 'cli and daemon import only app.ts (lazily), lib and contracts.',
      },
    ],
  ),
];
