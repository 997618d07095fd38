import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';
const NO_CONTENT = 204;

/** Does the work while somebody listens at this URL who takes whatever is sent. */
export async function withReceiver<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(NO_CONTENT).end();
  }).listen(0, HOST);
  await once(server, 'listening');
  try {
    return await work(`http://${HOST}:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
