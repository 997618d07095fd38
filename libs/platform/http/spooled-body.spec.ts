import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { refusalOf } from './problem.js';
import { BodyTooLarge, openNameless, SpooledBody, SpoolUnavailable } from './spooled-body.js';

const MEBIBYTE = 1_048_576;

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('SpooledBody', () => {
  it.each([
    ['nothing', []],
    ['one chunk', ['abc']],
    ['chunks of any size', ['a', '', 'é'.repeat(100_000), '\n', 'z'.repeat(65_536)]],
  ])('gives %s as often as it is read, and knows its hash', async (_, parts) => {
    const body = await SpooledBody.take(Readable.from(parts.map((part) => Buffer.from(part))));
    const whole = parts.join('');
    expect([await textOf(body), await textOf(body)]).toEqual([whole, whole]);
    expect(body.hash.toString('hex')).toBe(createHash('sha256').update(whole).digest('hex'));
    await body.close();
  });

  it('begins again for a reader that comes after one that gave up', async () => {
    const body = await SpooledBody.take(Readable.from([Buffer.alloc(200_000, 'a')]));
    for await (const chunk of body) {
      expect(chunk.length).toBeLessThan(200_000);
      break;
    }
    expect(await textOf(body)).toHaveLength(200_000);
    await body.close();
  });

  it('has no name on the disk, so that nothing is left of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    const body = await SpooledBody.take(Readable.from([Buffer.from('abc')]), () => openNameless(folder));
    expect(await textOf(body)).toBe('abc');
    expect(readdirSync(folder)).toEqual([]);
    await body.close();
    await expect(textOf(body)).rejects.toThrow();
    await rm(folder, { recursive: true });
  });

  it('does not lie readable on the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    const path = join(folder, 'body');
    const marker = `plain-${randomUUID()}`;
    const body = await SpooledBody.take(Readable.from([Buffer.from(marker)]), () => open(path, 'wx+'));
    expect(readFileSync(path)).toHaveLength(marker.length);
    expect(readFileSync(path).toString('latin1')).not.toContain(marker);
    expect(await textOf(body)).toBe(marker);
    await body.close();
    await rm(folder, { recursive: true });
  });

  it('has at most 256 mebibytes, and leaves the source open for the answer', async () => {
    const block = Buffer.alloc(MEBIBYTE, 'a');
    const source = Readable.from(
      (function* () {
        for (;;) yield block;
      })(),
    );
    await expect(SpooledBody.take(source)).rejects.toThrow(BodyTooLarge);
    expect(source.destroyed).toBe(false);
    source.destroy();
  });

  it('is refused when it breaks off', async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.from('abc');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    const error: unknown = await SpooledBody.take(source).catch((thrown: unknown) => thrown);
    expect(refusalOf(error, undefined).problem).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each([
    ['is full', '/dev/full'],
    ['has no such folder', join(tmpdir(), randomUUID(), 'body')],
  ])('is refused when the disk %s', async (_, path) => {
    const error: unknown = await SpooledBody.take(Readable.from([Buffer.from('abc')]), () =>
      open(path, 'r+'),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SpoolUnavailable);
    const { problem, headers } = refusalOf(error, undefined);
    expect([problem.status, problem.code, headers['Retry-After']]).toEqual([503, 'spool_unavailable', '1']);
  });
});
