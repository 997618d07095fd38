import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { content, contentType, mediaTypeOf, sameContent, YamlSyntax } from './content.js';
import type { ContentType } from './content.js';

const VALUE_BYTES_MAX = 1_048_576;
const TYPES: readonly ContentType[] = ['json', 'yaml', 'text', 'binary'];

/** YAML whose only mistake is a tab. */
class NoTabs extends YamlSyntax {
  override mistakeIn(text: string): string | null {
    return text.includes('\t') ? 'It has a tab.' : null;
  }
}

const yaml = new NoTabs();
const violationsOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as InvalidInput).violations;
  }
};

describe('a content type', () => {
  it.each([
    ['json', 'application/json'],
    ['yaml', 'application/yaml'],
    ['text', 'text/plain'],
    ['binary', 'application/octet-stream'],
  ] as const)('%s is also called %s', (short, media) => {
    expect(contentType(short)).toBe(short);
    expect(contentType(media)).toBe(short);
    expect(mediaTypeOf(short)).toBe(media);
  });

  it.each(['', 'JSON', 'xml', 'text/html', 'application/json; charset=utf-8', 'toString', '__proto__'])(
    'is not %j',
    (text) => {
      expect(violationsOf(() => contentType(text))).toEqual([
        {
          pointer: '/content_type',
          code: 'choice',
          detail: 'A content type is one of json, yaml, text, binary.',
        },
      ]);
    },
  );
});

describe('a value', () => {
  it('comes out as it went in, to the byte', () => {
    const types = fc.constantFrom(...TYPES.filter((type) => type === 'json' || type === 'text'));
    fc.assert(
      fc.property(types, fc.string({ unit: 'binary' }), (type, text) => {
        expect(content(type, text, yaml)).toEqual({ type, text });
      }),
    );
  });

  it.each(TYPES)('of type %s has 1 MiB at most, counted in bytes', (type) => {
    const fits = 'a'.repeat(VALUE_BYTES_MAX);
    expect(content(type, fits, yaml).text).toBe(fits);
    expect(violationsOf(() => content(type, `${fits}aaaa`, yaml))).toEqual([
      { pointer: '/value', code: 'too_large', detail: 'A value has at most 1048576 bytes.' },
    ]);
  });

  it('counts bytes, not characters', () => {
    const characters = 'ä'.repeat(VALUE_BYTES_MAX / 2);
    expect(content('text', characters, yaml).text).toBe(characters);
    expect(() => content('text', `${characters}a`, yaml)).toThrow(InvalidInput);
  });
});

describe('a binary value', () => {
  it('is base64 of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(content('binary', text, yaml)).toEqual({ type: 'binary', text });
      }),
    );
  });

  it.each(['a', 'ab', 'abc', 'abcde', 'ab=', 'ab=c', 'a===', '====', 'ab-_', 'ab c', 'abcd\n', 'äbcd'])(
    'is not %j',
    (text) => {
      expect(violationsOf(() => content('binary', text, yaml))).toEqual([
        expect.objectContaining({ pointer: '/value', code: 'base64' }),
      ]);
    },
  );
});

describe('a YAML value', () => {
  it('is checked by whoever knows YAML, and told in its words', () => {
    expect(content('yaml', 'a: 1', yaml)).toEqual({ type: 'yaml', text: 'a: 1' });
    expect(violationsOf(() => content('yaml', '\ta: 1', yaml))).toEqual([
      { pointer: '/value', code: 'yaml', detail: 'It has a tab.' },
    ]);
  });

  it('is the only one that is', () => {
    expect(content('text', '\t', yaml)).toEqual({ type: 'text', text: '\t' });
    expect(content('json', '"\t"', yaml)).toEqual({ type: 'json', text: '"\t"' });
  });
});

describe('sameContent', () => {
  it('is true of the same text read in the same way', () => {
    const json = { type: 'json', text: '1' } as const;
    expect(sameContent(json, { ...json })).toBe(true);
    expect(sameContent(json, { ...json, text: '1.0' })).toBe(false);
    expect(sameContent(json, { ...json, type: 'text' })).toBe(false);
  });
});
