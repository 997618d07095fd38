import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import {
  AnyJson,
  AnyOf,
  Choice,
  FreeObject,
  Instant,
  isUuid,
  ListOf,
  Nested,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from './fields.js';
import { validationPipe } from './validation.js';

class Part {
  @Text({ min: 2, max: 3 })
  readonly name!: string;
}

class Everything {
  @Text({ optional: true, nullable: true, max: 5, pattern: /^[a-z]+$/ })
  readonly text?: string | null;

  @Uuid({ optional: true })
  readonly uuid?: string;

  @Instant({ optional: true })
  readonly instant?: string;

  @Whole({ optional: true, min: 1, max: 10 })
  readonly whole?: number;

  @YesNo({ optional: true })
  readonly yes?: boolean;

  @Choice(['a', 'b'], { optional: true })
  readonly choice?: string;

  @TextList({ optional: true, maxItems: 2 })
  readonly list?: string[];

  @AnyOf({ choices: ['x', 'y'] })
  readonly any?: string[];

  @Nested(() => Part, { optional: true })
  readonly part?: Part;

  @ListOf(() => Part, { optional: true, maxItems: 2 })
  readonly parts?: Part[];

  @FreeObject({ optional: true })
  readonly free?: object;

  @AnyJson({ optional: true })
  readonly json?: unknown;
}

class Required {
  @Text()
  readonly name!: string;

  @AnyJson()
  readonly value!: unknown;
}

class Parts {
  @ListOf(() => Part)
  readonly parts!: Part[];
}

const pipe = validationPipe();
const read = (value: object, metatype: new () => object = Everything): Promise<Record<string, unknown>> =>
  pipe.transform(value, { type: 'body', metatype });

async function mistakesOf(value: object, metatype?: new () => object): Promise<[string, string][]> {
  const error = await read(value, metatype).then(
    () => new Error('It was taken.'),
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(InvalidInput);
  const { violations } = error as InvalidInput;
  for (const { detail } of violations as Violation[]) expect(detail).toMatch(/^[A-Z].*\.$/s);
  return violations.map(({ pointer, code }) => [pointer, code]);
}

describe('what is taken', () => {
  it.each<object>([
    {},
    { text: null },
    { uuid: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10', instant: '2026-05-01T10:00:00Z' },
    { instant: '2026-05-01t10:00:00.123456789+02:00' },
    { whole: 10, yes: false, choice: 'b', list: ['', 'x'] },
    { part: { name: '\u{1F600}'.repeat(3) } },
    { part: { name: 'ab' }, parts: [{ name: 'abc' }], free: { any: [1] } },
    { json: null },
    { json: { __type: 'kept', deep: [1, { a: null }] } },
    { json: { prototype: 1, deep: [{ prototype: { prototype: null } }] } },
  ])('%j, as it is', async (value) => {
    expect({ ...(await read(value)) }).toMatchObject(value);
  });

  it('from a query string: numbers, words and lists with commas', async () => {
    const query = { type: 'query', metatype: Everything } as const;
    expect(await pipe.transform({ whole: '7', yes: 'true', any: 'x,y' }, query)).toMatchObject({
      whole: 7,
      yes: true,
      any: ['x', 'y'],
    });
    expect(await read({ any: ['x', 'y,x'] })).toMatchObject({ any: ['x', 'y', 'x'] });
  });

  it('bytes as they are: nothing looks for names in them', async () => {
    const named = Object.assign(Buffer.from('a,b'), { valueOf: null });
    expect(await validationPipe().transform(named, { type: 'body', metatype: Object })).toBe(named);
  });

  it('any JSON value is handed over and not copied', async () => {
    const json = { a: [1] };
    expect((await read({ json })).json).toBe(json);
  });
});

describe('what is refused', () => {
  it.each<[object, string, string]>([
    [{ text: 5 }, '/text', 'type'],
    [{ text: 'abcdef' }, '/text', 'too_long'],
    [{ text: 'A' }, '/text', 'pattern'],
    [{ uuid: 'x' }, '/uuid', 'pattern'],
    [{ uuid: null }, '/uuid', 'pattern'],
    [{ instant: '2026-05-01' }, '/instant', 'pattern'],
    [{ instant: '2026-13-01T00:00:00Z' }, '/instant', 'pattern'],
    [{ instant: '2026-05-01T10:00:00' }, '/instant', 'pattern'],
    [{ whole: 1.5 }, '/whole', 'type'],
    [{ whole: '1e1' }, '/whole', 'type'],
    [{ whole: 0 }, '/whole', 'too_small'],
    [{ whole: 11 }, '/whole', 'too_large'],
    [{ yes: 'yes' }, '/yes', 'type'],
    [{ yes: 1 }, '/yes', 'type'],
    [{ yes: 'constructor' }, '/yes', 'type'],
    [{ choice: 'c' }, '/choice', 'choice'],
    [{ list: 'x' }, '/list', 'type'],
    [{ list: ['a', 1] }, '/list/1', 'type'],
    [{ whole: '7' }, '/whole', 'type'],
    [{ yes: 'true' }, '/yes', 'type'],
    [{ part: { name: '\u{1F600}'.repeat(4) } }, '/part/name', 'too_long'],
    [{ list: ['a', 'b', 'c'] }, '/list', 'too_many'],
    [{ any: 'x,z' }, '/any', 'choice'],
    [{ part: 'x' }, '/part', 'type'],
    [{ part: null }, '/part', 'type'],
    [{ part: { name: 'a' } }, '/part/name', 'too_short'],
    [{ part: {} }, '/part/name', 'required'],
    [{ parts: [{ name: 'ab' }, { name: 'abcd' }] }, '/parts/1/name', 'too_long'],
    [{ parts: {} }, '/parts', 'type'],
    [{ parts: { name: 'ab', more: 1 } }, '/parts', 'type'],
    [{ parts: 'ab' }, '/parts', 'type'],
    [{ parts: ['ab'] }, '/parts/0', 'type'],
    [{ parts: [{ name: 'ab' }, null] }, '/parts/1', 'type'],
    [{ parts: [[]] }, '/parts/0', 'type'],
    [{ parts: [{ name: 'ab' }, [{ name: 5 }, []]] }, '/parts/1', 'type'],
    [{ part: [] }, '/part', 'type'],
    [{ part: [{ name: 5 }] }, '/part', 'type'],
    [{ parts: [{ name: 'ab' }, { name: 'ab', more: 1 }] }, '/parts/1/more', 'unknown_property'],
    [{ free: [] }, '/free', 'type'],
    [{ more: 1 }, '/more', 'unknown_property'],
    [{ 'a/b~c': 1 }, '/a~1b~0c', 'unknown_property'],
  ])('%j at %s: %s', async (value, pointer, code) => {
    expect(await mistakesOf(value)).toEqual([[pointer, code]]);
  });

  it('what is missing, by that name and not by the checks that it also fails', async () => {
    expect(await mistakesOf({}, Required)).toEqual([
      ['/name', 'required'],
      ['/value', 'required'],
    ]);
  });

  it('a list of parts that is none, or has lists in it, by the whole of what is wrong', async () => {
    const sent = { parts: [[{ name: 5 }], { name: 'a' }, 'x', []] };
    expect(await mistakesOf(sent, Parts)).toEqual([
      ['/parts/0', 'type'],
      ['/parts/3', 'type'],
      ['/parts/1/name', 'too_short'],
      ['/parts/2', 'type'],
    ]);
    expect(await mistakesOf({ parts: {} }, Parts)).toEqual([['/parts', 'type']]);
  });

  it('all mistakes at once', async () => {
    const mistakes = await mistakesOf({ text: 5, whole: 11, part: { name: 1 }, more: true });
    expect(mistakes).toHaveLength(4);
    expect(new Map(mistakes)).toEqual(
      new Map([
        ['/more', 'unknown_property'],
        ['/part/name', 'type'],
        ['/text', 'type'],
        ['/whole', 'too_large'],
      ]),
    );
  });
});

describe('isUuid', () => {
  it.each(['01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10', '01937B2E-7C41-4BD4-B1A5-0F6A8D7C9E10'])(
    'takes %s',
    (text) => {
      expect(isUuid(text)).toBe(true);
    },
  );

  it.each([
    '',
    '01937b2e7c417bd4a1a50f6a8d7c9e10',
    '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e1g',
    '01937b2e-7c41-9bd4-a1a5-0f6a8d7c9e10\n',
  ])('refuses %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});

describe('JSON values', () => {
  class Free {
    @AnyJson()
    readonly any!: unknown;

    @FreeObject({ optional: true })
    readonly object?: object;
  }

  const names = (count: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index]));

  it('come as they were sent, not copied and not looked into', async () => {
    const [any, object] = [{ toString: 1, inner: [names(3)] }, names(50_000)];
    const made = (await validationPipe().transform(
      { any, object },
      { type: 'body', metatype: Free },
    )) as Free;
    expect(made).toBeInstanceOf(Free);
    expect([made.any === any, made.object === object]).toEqual([true, true]);
  });

  it('are the only ones that may have thousands of names', async () => {
    const sent = validationPipe().transform(names(50_000), { type: 'body', metatype: Free });
    await expect(sent).rejects.toMatchObject({ violations: [{ pointer: '', code: 'too_many' }] });
  });
});
