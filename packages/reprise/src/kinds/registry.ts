import type { AnyKind } from './kind.ts';

/** Every kind of this version: one line each. */
export const kinds: ReadonlyMap<string, AnyKind> = new Map<string, AnyKind>([]);
