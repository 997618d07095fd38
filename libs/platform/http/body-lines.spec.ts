import { Readable } from 'node:stream';
import fc from 'fast-check';
import { bodyLines, BodyTooLarge } from './body-lines.js';

const MEBIBYTE = 1_048_576;

async function linesOf(chunks: Iterable<Buffer>): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const { number, bytes } of bodyLines(Readable.from(chunks)))
    lines.push([number, bytes.toString()]);
  return lines;
}

const chunked = (text: string, size: number): Buffer[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
};

/** A line of so many bytes, without holding all of it. */
function* repeated(chunk: Buffer, times: number): Iterable<Buffer> {
  for (let time = 0; time < times; time += 1) yield chunk;
}

describe('bodyLines', () => {
  it.each([
    ['nothing', '', []],
    ['one line without an end', 'a', [[1, 'a']]],
    ['one line with its end', 'a\n', [[1, 'a']]],
    [
      'empty lines between',
      'a\n\n \t\r\nb',
      [
        [1, 'a'],
        [4, 'b'],
      ],
    ],
    [
      'line ends of Windows',
      'a\r\nb\r\n',
      [
        [1, 'a\r'],
        [2, 'b\r'],
      ],
    ],
    ['a last line of blanks', 'a\n  ', [[1, 'a']]],
  ])('reads %s', async (_, text, lines) => {
    expect(await linesOf(chunked(text, 1_000))).toEqual(lines);
  });

  it('gives the same lines however the body was cut on its way', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\r', '\n') });
    await fc.assert(
      fc.asyncProperty(line, fc.integer({ min: 1, max: 7 }), async (text, size) => {
        const expected = text
          .split('\n')
          .map((each, index) => [index + 1, each])
          .filter(([, each]) => /[^ \r\t]/.test(String(each)));
        expect(await linesOf(chunked(text, size))).toEqual(expected);
      }),
    );
  });

  it('takes a line of two mebibytes, and refuses a longer one before it is read to its end', async () => {
    const block = Buffer.alloc(MEBIBYTE, 'a');
    expect((await linesOf(repeated(block, 2)))[0]?.[1]).toHaveLength(2 * MEBIBYTE);
    let given = 0;
    const endless = (function* () {
      for (;;) {
        given += 1;
        yield block;
      }
    })();
    await expect(linesOf(endless)).rejects.toThrow(BodyTooLarge);
    expect(given).toBeLessThan(20);
  });

  it('refuses a body of more than 256 mebibytes, however short its lines', async () => {
    const block = Buffer.alloc(MEBIBYTE, 'a').fill('\n', MEBIBYTE - 1);
    const count = async (chunks: Iterable<Buffer>): Promise<number> => {
      let last = 0;
      for await (const { number } of bodyLines(Readable.from(chunks))) last = number;
      return last;
    };
    expect(await count(repeated(block, 256))).toBe(256);
    await expect(count(repeated(block, 257))).rejects.toThrow('The body has at most 268435456 bytes.');
  });
});
