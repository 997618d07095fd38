import { Readable } from 'node:stream';
import fc from 'fast-check';
import { bodyLines } from './body-lines.js';
import { BodyTooLarge } from './spooled-body.js';

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

  it('gives the same lines each time', async () => {
    const chunks = chunked('a\nb\n', 1);
    const lines = bodyLines({
      async *[Symbol.asyncIterator]() {
        yield* chunks;
      },
    });
    for (let time = 0; time < 2; time += 1) {
      const numbers: number[] = [];
      for await (const { number } of lines) numbers.push(number);
      expect(numbers).toEqual([1, 2]);
    }
  });

  it('takes a line of two mebibytes', async () => {
    const [line] = await linesOf(repeated(Buffer.alloc(MEBIBYTE, 'a'), 2));
    expect(line?.[1]).toHaveLength(2 * MEBIBYTE);
  });

  it.each([
    ['at once', 3 * MEBIBYTE],
    ['piece by piece', 50_000],
  ])('has a longer line without its content, and goes on behind it: %s', async (_, size) => {
    const text = `a\n${'x'.repeat(2 * MEBIBYTE + 1)}\nb\n${' '.repeat(3 * MEBIBYTE)}`;
    const told: (string | number)[] = [];
    for await (const line of bodyLines(Readable.from(chunked(text, size)))) {
      told.push(line.number);
      try {
        told.push(line.bytes.toString());
      } catch (error) {
        told.push((error as BodyTooLarge).message);
        expect([error instanceof BodyTooLarge, line.size]).toEqual([true, 0]);
      }
    }
    const tooLong = 'A line has at most 2097152 bytes.';
    expect(told).toEqual([1, 'a', 2, tooLong, 3, 'b', 4, tooLong]);
  });
});
