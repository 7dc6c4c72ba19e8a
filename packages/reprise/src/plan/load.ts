import { Buffer } from 'node:buffer';

import type { AnyKind } from '../kinds/kind.ts';
import { parseWith } from './coerce.ts';
import { contradictions } from './contradictions.ts';
import { faultsOf } from './issues.ts';
import { suggester } from './nearest.ts';
import { dotted, type Fault, fault, type Problem } from './problem.ts';
import { references } from './references.ts';
import { resolve } from './resolve.ts';
import type { ResolvedPlan } from './resolved.ts';
import { schemaFor } from './schema.ts';
import { SourceMap } from './source-map.ts';
import { get } from './tolerant.ts';
import { type Env, valuesOf } from './values.ts';
import { decode, limits, parseYaml } from './yaml.ts';

export interface PlanSource {
  /** As the person named it; stands in positions. */
  readonly file: string;
  /** The file's bytes (preferred: encoding errors get a position) or its text. */
  readonly text: string | Uint8Array;
  /** Values for `${NAME}`. */
  readonly env: Env;
  readonly kinds: ReadonlyMap<string, AnyKind>;
}
export interface Loaded {
  /** Only where there is no problem. */
  readonly plan?: ResolvedPlan;
  /** In the order of the file; all at once (the first 500). */
  readonly problems: readonly Problem[];
}

/**
 * Reads a plan: text → YAML → values with variables replaced → schema → names and contradictions → resolved plan.
 * A pure function of its arguments; throws for no input.
 */
export function loadPlan({ file, text, env, kinds }: PlanSource): Loaded {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (bytes.length > limits.bytes)
    return refuse(file, fault('plan.too-large', { what: 'bytes', max: limits.bytes }, [], 0));
  const decoded = decode(bytes);
  const parsed = parseYaml(decoded.text);
  if (decoded.broken !== undefined)
    return told(new SourceMap(file, null, parsed.lines), [fault('plan.not-utf8', {}, [], decoded.broken)]);
  if (parsed.root === null) return told(new SourceMap(file, null, parsed.lines), parsed.faults);

  const values = valuesOf(parsed.root, env);
  const source = new SourceMap(file, parsed.root, parsed.lines, values.aliases);
  // Aliases that explode or bite their tail: what was read is cut off, further errors would mislead.
  const cut = values.faults.filter((f) => /^plan\.(alias-|too-)/.test(f.code));
  if (cut.length > 0) return told(source, cut);

  const suggest = suggester();
  const raw = (path: readonly (string | number)[]): string => source.raw(path);
  const schema = schemaFor(kinds);
  const checked = parseWith(schema, values);
  const issues = checked.success ? [] : checked.error.issues.slice(0, limits.problems + 1);
  const faults = [
    ...values.faults,
    ...faultsOf(issues, { schema, value: values.value, suggest, raw }),
    ...first(references(values.value, suggest)),
    ...first(contradictions(values.value, { kinds, suggest, raw })),
  ];
  if (faults.length > 0 || !checked.success)
    return told(
      source,
      onlyCauses(faults).map((f) => veiled(f, values.value, raw)),
    );
  const plan = resolve(checked.data, decoded.text, bytes, file, (path) => source.where(path));
  return { plan, problems: [] };
}

const first = (faults: Iterable<Fault>): readonly Fault[] =>
  Iterator.from(faults)
    .take(limits.problems + 1)
    .toArray();

/** A missing variable, or a key given twice, makes its value wrong too: the second error is noise. */
function onlyCauses(faults: readonly Fault[]): readonly Fault[] {
  const causes = new Set(
    faults.filter((f) => f.code.startsWith('plan.variable-')).map((f) => dotted(f.path)),
  );
  return faults.filter((f) => f.code.startsWith('plan.variable-') || !causes.has(dotted(f.path)));
}

/** A message quotes `${NAME}` as the file has it, never the value: that may be a secret in the wrong place. */
function veiled(f: Fault, plan: unknown, raw: (path: readonly (string | number)[]) => string): Fault {
  const shown = raw(f.path);
  const value = get(plan, ...f.path);
  if (!shown.includes('${') || typeof value !== 'string' || value === '') return f;
  const params = Object.entries(f.params).map(([key, p]) => [
    key,
    p === null || key === 'near' ? null : hide(p, value, shown),
  ]);
  return { ...f, params: Object.fromEntries(params) as Fault['params'] };
}
const hide = (param: string | number | boolean, value: string, shown: string): string | number | boolean =>
  typeof param !== 'string'
    ? param
    : param.replaceAll(value, () => shown).replaceAll(value.slice(0, 80), () => shown);

function told(source: SourceMap, faults: readonly Fault[]): Loaded {
  const problems = faults
    .map((f) => source.problem(f))
    .toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  if (problems.length <= limits.problems) return { problems };
  const shown = problems.slice(0, limits.problems);
  const { at } = shown.at(-1) as Problem;
  return { problems: [...shown, { code: 'plan.more', params: { shown: limits.problems }, path: '', at }] };
}

const refuse = (file: string, f: Fault): Loaded => ({
  problems: [{ code: f.code, params: f.params, path: '', at: { file, line: 1, column: 1 } }],
});
