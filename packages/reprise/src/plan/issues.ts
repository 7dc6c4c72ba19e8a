import type { z } from 'zod';

import type { Suggest } from './nearest.ts';
import { type Fault, fault, type Key } from './problem.ts';
import { formOf, keysAt, keysOf, options, schemasAt } from './schema-walk.ts';
import { get } from './tolerant.ts';

type Issue = z.core.$ZodIssue;
interface Look {
  readonly schema: z.ZodType;
  /** The whole plan as it was read. */
  readonly value: unknown;
  readonly suggest: Suggest;
  /** The scalar at a path as the file has it: what is quoted in messages, never the value of a variable. */
  raw(path: readonly Key[]): string;
}

/** What the schema refused, in our own codes. */
export const faultsOf = (issues: readonly Issue[], look: Look): readonly Fault[] =>
  issues.flatMap((issue) => faultsOfIssue(issue, [], look));

function faultsOfIssue(issue: Issue, base: readonly Key[], look: Look): readonly Fault[] {
  const path = [...base, ...issue.path] as readonly Key[];
  const value = get(look.value, ...path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(look.schema, path, look.value);
      return issue.keys.map((key) =>
        fault('plan.unknown-key', { key: short(key), ...look.suggest(key, known) }, [...path, key], 'key'),
      );
    }
    case 'invalid_type':
      return [
        value === undefined
          ? missing(path, issue.expected)
          : fault('plan.type', { expected: issue.expected, got: typeOf(value) }, path),
      ];
    case 'invalid_value': {
      const known = issue.values.map(String);
      return value === undefined
        ? [missing(path, known.join(' | '))]
        : [
            fault(
              'plan.value',
              { given: given(look, path, value), ...look.suggest(plain(value), known) },
              path,
            ),
          ];
    }
    case 'too_small':
    case 'too_big': {
      const bound = issue.code === 'too_small' ? 'min' : 'max';
      const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      return [fault('plan.bound', { bound, limit, of: issue.origin }, path)];
    }
    case 'invalid_format': {
      const rule = issue.format === 'regex' ? issue.message : issue.format;
      return [fault('plan.format', { rule, given: given(look, path, value) }, path)];
    }
    case 'invalid_key':
      return [fault('plan.format', { rule: 'name', given: short(String(path.at(-1))) }, path, 'key')];
    case 'custom':
      return [fault('plan.format', { rule: issue.message, given: given(look, path, value) }, path)];
    case 'invalid_union':
      return ofUnion(issue, path, value, look);
    default:
      return [fault('plan.other', { detail: issue.message }, path)];
  }
}

function ofUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly Key[],
  value: unknown,
  look: Look,
): readonly Fault[] {
  if (issue.discriminator !== undefined) {
    const known = discriminators(look, path, issue.discriminator);
    return value === undefined
      ? [missing(path, known.join(' | '))]
      : [
          fault(
            'plan.value',
            { given: given(look, path, value), ...look.suggest(plain(value), known) },
            path,
          ),
        ];
  }
  const union = schemasAt(look.schema, path, look.value)[0];
  const forms = union === undefined ? [] : options(union, value);
  if (value === undefined) return [missing(path, forms.map(formOf).join(' | '))];
  const chosen = closest(forms, issue.errors, value, look);
  if (chosen !== undefined) return chosen.flatMap((inner) => faultsOfIssue(inner, path, look));
  return [fault('plan.one-of', { forms: forms.map(formOf).join(' | ') }, path)];
}

/**
 * Errors of the form that was probably meant: the one that shares most keys (misspelt ones decide between equals), or
 * has at least the right type.
 */
function closest(
  forms: readonly z.core.$ZodType[],
  errors: readonly (readonly Issue[])[],
  value: unknown,
  look: Look,
): readonly Issue[] | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const likeness = (form: z.core.$ZodType): number => {
      const known = keysOf(form);
      const exact = known.filter((k) => Object.hasOwn(value, k));
      const missing = known.filter((k) => !exact.includes(k));
      const meant = Object.keys(value).some(
        (k) => !exact.includes(k) && look.suggest(k, missing).near !== null,
      );
      return exact.length + (meant ? 0.5 : 0);
    };
    const shared = forms.map(likeness);
    const most = Math.max(0, ...shared);
    return most === 0 ? undefined : errors[shared.indexOf(most)];
  }
  return errors.find((list) => list.every((i) => i.path.length > 0));
}

function discriminators(look: Look, path: readonly Key[], tag: string): readonly string[] {
  return schemasAt(look.schema, path.slice(0, -1), look.value).flatMap((union) => {
    const def = union._zod.def as z.core.$ZodTypes['_zod']['def'];
    const all = def.type === 'union' ? def.options : [];
    return all.flatMap((o) => [...(o._zod.propValues?.[tag] ?? [])].map(String));
  });
}

const missing = (path: readonly Key[], expected: string): Fault =>
  fault('plan.missing-key', { key: String(path.at(-1) ?? ''), expected }, path, 'key');

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
const given = (look: Look, path: readonly Key[], value: unknown): string =>
  look.raw(path) || short(plain(value));
const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '…';
