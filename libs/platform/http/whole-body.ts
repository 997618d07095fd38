import { BodyTooLarge } from './spooled-body.js';

/** All bytes of a body that is not too large to be kept in memory. @throws BodyTooLarge */
export async function wholeOf(payload: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size > bytesMax) throw new BodyTooLarge('The body', bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
