import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawAnswer } from './raw-server.js';

process.once('message', ({ contentType, etag, body, isForQuestions, status = 200 }: RawAnswer) => {
  const headers = {
    ...(etag !== '' && { ETag: etag }),
    ...(status === 200 && { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) }),
  };
  const answer = (response: ServerResponse): void => {
    response.writeHead(status, headers);
    response.end(status === 200 ? body : '');
  };
  const server = createServer((request, response) => {
    if (isForQuestions === undefined) answer(response);
    else onceRead(request, () => answer(response));
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
});
process.once('disconnect', () => process.exit());

/** As plainly as it is done by hand. */
function onceRead(request: IncomingMessage, then: (question: unknown) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => then(JSON.parse(Buffer.concat(chunks).toString())));
}
