import { z } from 'zod';

import type { ComponentKind } from '../kind.ts';

/** Nothing of its own: everything is in `rebuild` and the checks that all components have. */
export const StatelessSpec = z.strictObject({});

/**
 * A frontend, a backend, a proxy: what is rebuilt from its image or sources and then checked. It has no method, so it
 * has no captures and no points; a plan that gives it `captures` is wrong. Always vacant: there is nothing to write
 * over.
 */
export const stateless: ComponentKind<typeof StatelessSpec> = {
  name: 'stateless',
  spec: StatelessSpec,
  methods: {},
  defaultMethod: '',
  defaultLevel: 'stored',
  async *discover() {},
  relocate: (spec) => spec,
  isVacant: async () => ({ vacant: true, found: null, identity: null }),
  clear: async () => null,
  verify: async () => [],
};
