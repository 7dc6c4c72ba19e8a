import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** As many different free ports of the loopback address: all held at once, then let go. */
export async function freePorts(count: number, signal: AbortSignal): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(async (server) => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening', { signal });
        return (server.address() as AddressInfo).port;
      }),
    );
  } finally {
    await Promise.all(servers.map(async (server) => new Promise((done) => server.close(done))));
  }
}
