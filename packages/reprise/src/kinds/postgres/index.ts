import type { ComponentKind, Place } from '../kind.ts';
import { discover } from './discover.ts';
import { logical } from './logical.ts';
import { query } from './query.ts';
import { PostgresSpec } from './spec.ts';
import { clear, isVacant } from './vacancy.ts';
import { verify } from './verify.ts';

/** A PostgreSQL server: its databases and roles. */
export const postgres: ComponentKind<typeof PostgresSpec> = {
  name: 'postgres',
  spec: PostgresSpec,
  methods: { logical },
  defaultMethod: 'logical',
  defaultLevel: 'parsed',
  discover,
  relocate,
  isVacant,
  clear,
  verify,
  query,
  extents: (spec) => [{ form: 'databases', server: serverOf(spec), names: spec.databases }],
};

/**
 * The server of a port of this host is one, whether asked over the loopback or in Debian's directory of sockets; it may
 * be one with that of another directory, which nobody can tell without asking.
 */
function serverOf({ connection: { host, port } }: PostgresSpec): string {
  const here = /^(localhost|127\.0\.0\.1|::1|(\/var)?\/run\/postgresql\/*)$/i.test(host);
  return `${here ? 'here' : host.toLowerCase().replace(/(?!^)\/+$/, '')} ${port}`;
}

/** Another place has another port, and another directory for the socket. */
function relocate(spec: PostgresSpec, place: Place): PostgresSpec {
  const { host, port } = spec.connection;
  return {
    ...spec,
    connection: {
      ...spec.connection,
      host: host.startsWith('/') ? place.path(host) : host,
      port: place.port(port),
    },
  };
}
