import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { sameJson } from '#shared-kernel';
import { jsonPatch } from '#platform/http';
import { objects } from '../testing/arbitrary-json.js';
import { applied, composed, overlayOf } from '../testing/overlay.js';
import type { JsonObject, JsonValue } from './json.js';
import { isMergeable, mergeObjects, mergePatch } from './merge.js';

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A document: no member is null. */
const documents = objects.map((values) => mergeObjects({}, values));

const holdsNull = (value: JsonValue): boolean =>
  value === null || (isMergeable(value) && Object.values(value).some(holdsNull));

describe('merging', () => {
  it('gives the same for two layers one after the other as for both together', () => {
    fc.assert(
      fc.property(documents, objects, objects, (document, a, b) => {
        const together = applied(document, composed(overlayOf(a), overlayOf(b)));
        expect(mergeObjects(mergeObjects(document, a), b)).toEqual(together);
      }),
    );
  });

  it('is associative, whichever neighbours are put together first', () => {
    fc.assert(
      fc.property(objects, objects, objects, (a, b, c) => {
        const [first, second, third] = [overlayOf(a), overlayOf(b), overlayOf(c)] as const;
        expect(composed(composed(first, second), third)).toEqual(composed(first, composed(second, third)));
      }),
    );
  });

  it('leaves no null but in lists and inside of secrets', () => {
    fc.assert(fc.property(objects, objects, (below, above) => !holdsNull(mergeObjects(below, above))));
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(documents, objects, (document, above) => {
        const once = mergeObjects(document, above);
        expect(mergeObjects(once, above)).toEqual(once);
      }),
    );
  });

  it('leaves both sides as they are, and shares a document that nothing changes', () => {
    fc.assert(
      fc.property(documents, objects, (document, above) => {
        const before = structuredClone([document, above]);
        mergeObjects(document, above);
        expect([document, above]).toEqual(before);
        expect(mergeObjects(document, {})).toBe(document);
      }),
    );
  });

  it('never touches what every object has in common', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(objects, objects, (below, above) => {
        const merged = mergeObjects(below, above);
        expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      }),
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});

it('gives the target again when the difference is applied', () => {
  // Whoever applies patches passes over names that reach for a prototype; requests with them are refused.
  const plain = objects.map(
    (values) =>
      JSON.parse(JSON.stringify(values).replaceAll(/__proto__|constructor|prototype/g, 'p')) as JsonObject,
  );
  fc.assert(
    fc.property(plain, plain, (before, above) => {
      const after = mergePatch(before, above);
      const document = copyOf({ values: before });
      const patch = copyOf(jsonPatch(before, after, '/values')) as Operation[];
      expect(applyPatch(document, patch)).toEqual(patch.map(() => null));
      expect(document).toEqual({ values: after });
    }),
  );
});

it('tells apart what differs, and nothing else', () => {
  fc.assert(
    fc.property(objects, objects, (a, b) => {
      expect(sameJson(a, b)).toBe(jsonPatch(a, b).length === 0);
      expect(sameJson(a, Object.fromEntries(Object.entries(a).toReversed()))).toBe(true);
    }),
  );
});
