import fc from 'fast-check';
import { EVERY_PATH, isPathAllowed, pathProblem, prefixProblem } from './secret-provider-path.js';

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,7}$/);
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
const tenant = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,7}$/);

describe('a path', () => {
  it.each(['a', 'app/db', 'a.b/..c/d..', 'ä ö/%2e%2e', 'a:b@c+d=e', 'x'.repeat(1_024)])(
    'may be %j',
    (text) => {
      expect(pathProblem(text)).toBeNull();
    },
  );

  it.each([
    ['', 'characters'],
    ['x'.repeat(1_025), 'characters'],
    ['/a', 'empty part'],
    ['a/', 'empty part'],
    ['a//b', 'empty part'],
    ['..', 'no part'],
    ['a/../b', 'no part'],
    ['a/./b', 'no part'],
    ['a?version=1', 'none of'],
    ['a#b', 'none of'],
    ['a\\..\\b', 'none of'],
    ['a\nb', 'none of'],
    ['a\u0000', 'none of'],
    ['a\u0085b', 'none of'],
    ['a\ud800', 'none of'],
  ])('may not be %j', (text, problem) => {
    expect(pathProblem(text)).toContain(problem);
    expect(isPathAllowed([EVERY_PATH], null, text)).toBe(false);
  });

  it('never leaves the place that it is joined to, in a URL or a folder', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[./a%2e]{1,8}$/)), (text) => {
        fc.pre(pathProblem(text) === null);
        const encoded = text.split('/').map(encodeURIComponent).join('/');
        const { pathname, search, hash, host } = new URL(`http://vault/v1/secret/data/${encoded}`);
        expect([host, search, hash]).toEqual(['vault', '', '']);
        expect(decodeURIComponent(pathname)).toBe(`/v1/secret/data/${text}`);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a prefix', () => {
  it('lets through itself and what is below it, for anybody', () => {
    fc.assert(
      fc.property(path, path, fc.option(tenant), (prefix, rest, who) => {
        expect(isPathAllowed([prefix], who, prefix)).toBe(true);
        expect(isPathAllowed(['other!', prefix], who, `${prefix}/${rest}`)).toBe(true);
      }),
    );
  });

  it('ends at a slash', () => {
    fc.assert(
      fc.property(path, name, (prefix, rest) => {
        expect(isPathAllowed([prefix], null, prefix + rest)).toBe(false);
        expect(isPathAllowed([`${prefix}/${rest}`], null, prefix)).toBe(false);
      }),
    );
  });

  it('with {tenant_id} lets each tenant through to its own part alone', () => {
    fc.assert(
      fc.property(path, tenant, tenant, name, (start, own, other, rest) => {
        fc.pre(own !== other);
        const prefixes = [`${start}/{tenant_id}`];
        expect(isPathAllowed(prefixes, own, `${start}/${own}/${rest}`)).toBe(true);
        expect(isPathAllowed(prefixes, other, `${start}/${own}/${rest}`)).toBe(false);
        expect(isPathAllowed(prefixes, null, `${start}/${own}/${rest}`)).toBe(false);
        expect(isPathAllowed(prefixes, null, `${start}/{tenant_id}/${rest}`)).toBe(false);
      }),
    );
  });

  it('of none lets nothing through, and * everything that is a path', () => {
    fc.assert(
      fc.property(path, fc.option(tenant), (asked, who) => {
        expect(isPathAllowed([], who, asked)).toBe(false);
        expect(isPathAllowed([EVERY_PATH], who, asked)).toBe(true);
      }),
    );
  });

  it('is a path, or *', () => {
    expect([EVERY_PATH, 'a/{tenant_id}/b'].map(prefixProblem)).toEqual([null, null]);
    for (const text of ['', '/a', 'a/', '../a']) expect(prefixProblem(text)).not.toBeNull();
  });
});
