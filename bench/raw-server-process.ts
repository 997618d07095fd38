import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawAnswer } from './raw-server.js';

process.once('message', ({ contentType, etag, body }: RawAnswer) => {
  const headers = { 'Content-Type': contentType, ETag: etag, 'Content-Length': Buffer.byteLength(body) };
  const server = createServer((_, response) => {
    response.writeHead(200, headers);
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
});
process.once('disconnect', () => process.exit());
