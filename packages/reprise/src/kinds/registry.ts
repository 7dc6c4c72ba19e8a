import { files } from './files/index.ts';
import type { AnyKind } from './kind.ts';
import { postgres } from './postgres/index.ts';
import { sqlite } from './sqlite/index.ts';
import { stateless } from './stateless/index.ts';

/** Every kind of this version: one line each. */
const all = [files, postgres, sqlite, stateless];

export const kinds: ReadonlyMap<string, AnyKind> = new Map(
  all.map((kind) => [kind.name, kind as unknown as AnyKind]),
);
