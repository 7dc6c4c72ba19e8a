import { once } from 'node:events';
import { connect } from 'node:net';

import { failed, isHere, passed, unable, type CheckKind } from './check.ts';

/** Does something accept a connection? */
export const tcpCheck: CheckKind<'tcp'> = {
  subject: (check) => `${check.host}:${check.port}`,
  expected: () => null,
  probe: async (check, { place, target, signal }) => {
    if (!isHere(place, check.host, check.port)) return unable('elsewhere');
    const port = place.kind === 'in-situ' ? check.port : place.port(check.port);
    await using endpoint = await target.context.host.forward({ host: check.host, port }, signal);
    const socket = connect({ host: endpoint.host, port: endpoint.port, signal });
    try {
      await once(socket, 'connect', { signal });
      return passed(null);
    } catch (e) {
      signal.throwIfAborted();
      return failed('unreachable', e instanceof Error && 'code' in e ? String(e.code) : null);
    } finally {
      socket.destroy();
    }
  },
};
