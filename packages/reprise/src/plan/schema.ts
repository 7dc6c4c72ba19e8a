import { type KindSpecs, type Plan, planSchema } from '@reprise/contracts';
import { z } from 'zod';

import type { AnyKind } from '../kinds/kind.ts';
import { plannedKinds } from './planned.ts';

/** The registry's kinds and those that a plan may only name. */
const specs = (kinds: ReadonlyMap<string, AnyKind>): KindSpecs =>
  new Map([...plannedKinds, ...[...kinds].map(([name, kind]) => [name, kind.spec] as const)]);

const made = new WeakMap<ReadonlyMap<string, AnyKind>, z.ZodType<Plan>>();

/** The zod schema of plan v1 for these kinds; made once for each registry. */
export function schemaFor(kinds: ReadonlyMap<string, AnyKind>): z.ZodType<Plan> {
  const known = made.get(kinds);
  if (known !== undefined) return known;
  const schema = planSchema(specs(kinds)) as unknown as z.ZodType<Plan>;
  made.set(kinds, schema);
  return schema;
}

/**
 * JSON Schema (draft 2020-12) of what a person writes: durations and sizes as text, defaults as they would be written.
 */
export function jsonSchema(kinds: ReadonlyMap<string, AnyKind>): Record<string, unknown> {
  return z.toJSONSchema(schemaFor(kinds), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: json }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'default') json.default = z.encode(def.innerType, def.defaultValue);
    },
  });
}
