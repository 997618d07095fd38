import fc from 'fast-check';
import { layerSets, places } from '../../testing/arbitrary-layers.js';
import { naiveEffective } from '../../testing/naive-effective.js';
import { fromPointer } from '../dotted-path.js';
import { effectiveAt } from './effective.js';
import type { EffectiveDocuments } from './effective-documents.js';
import { explain } from './explain.js';
import { boundaryAfter, instantsFrom } from './select-layers.js';
import { valueAt } from './value-at.js';

const instants = fc.integer({ min: -1, max: 6 });

const openOf = ({ secretTexts, secrets }: EffectiveDocuments): Record<string, string> =>
  Object.fromEntries(
    secretTexts.map(({ name, pointer, parts }) => [
      `${name} ${pointer}`,
      parts
        .map((part) =>
          typeof part === 'string'
            ? part
            : JSON.stringify({ $secret_ref: { path: secrets[part]?.reference.path } }),
        )
        .join(''),
    ]),
  );

const refusedIn = ({ problems }: EffectiveDocuments): string[] =>
  placesOf(problems.filter(({ code }) => code === 'final_key'));
const unfollowedIn = ({ problems }: EffectiveDocuments): string[] =>
  placesOf(problems.filter(({ code }) => code !== 'final_key'));
const placesOf = (problems: EffectiveDocuments['problems']): string[] =>
  problems.map(({ name, pointer }) => `${name} ${pointer}`).sort();

describe('effective documents', () => {
  it('are what the rules give one by one', () => {
    fc.assert(
      fc.property(layerSets, places, instants, (layers, place, at) => {
        const documents = effectiveAt(layers, place, at);
        const naive = naiveEffective(layers, place, at);
        expect(documents.values).toEqual(naive.values);
        expect(refusedIn(documents)).toEqual([...naive.refused].sort());
        expect(unfollowedIn(documents)).toEqual([...naive.unfollowed].sort());
        expect(openOf(documents)).toEqual(
          Object.fromEntries(Object.entries(naive.open).map(([place, parts]) => [place, parts.join('')])),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('do not depend on the order in which layers are stored', () => {
    fc.assert(
      fc.property(layerSets, places, instants, (layers, place, at) => {
        expect(effectiveAt(layers.toReversed(), place, at)).toEqual(effectiveAt(layers, place, at));
      }),
    );
  });

  it('have each secret where the secret stands, with the layer that asks for it', () => {
    fc.assert(
      fc.property(layerSets, places, instants, (layers, place, at) => {
        const { values, secrets } = effectiveAt(layers, place, at);
        for (const { name, pointer, reference, layer } of secrets) {
          expect(valueAt(values, [name, ...fromPointer(pointer)])).toEqual({
            $secret_ref: { path: reference.path },
          });
          expect(JSON.stringify(layer.values)).toContain(reference.path);
        }
        const shown = [...JSON.stringify(values).matchAll(/\$secret_ref/g)];
        expect(secrets).toHaveLength(shown.length);
      }),
    );
  });

  it('stay as they are from one boundary to the next', () => {
    fc.assert(
      fc.property(
        layerSets,
        places,
        instants,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (layers, place, at, part) => {
          const next = boundaryAfter(layers, place, at) ?? at + 10;
          const between = at + Math.floor((next - at) * part * 0.999);
          expect(effectiveAt(layers, place, between)).toEqual(effectiveAt(layers, place, at));
        },
      ),
    );
  });

  it('have an instant for every boundary, and each once', () => {
    fc.assert(
      fc.property(layerSets, places, instants, (layers, place, from) => {
        const walked = [from];
        for (
          let at = boundaryAfter(layers, place, from);
          at !== null;
          at = boundaryAfter(layers, place, at)
        ) {
          walked.push(at);
        }
        expect(instantsFrom(layers, place, from)).toEqual(walked);
      }),
    );
  });
});

it('explains every leaf and nothing else, with the layer that says it', () => {
  fc.assert(
    fc.property(layerSets, places, instants, (layers, place, at) => {
      const documents = effectiveAt(layers, place, at);
      const explained = explain(documents);
      expect([...explained.keys()].sort()).toEqual(leavesOf(documents.values).sort());
      for (const [pointer, { layer, from }] of explained) {
        const [name = '', ...steps] = fromPointer(pointer);
        expect(layer.name).toBe(name);
        const shown = JSON.stringify(valueAt(documents.values, [name, ...steps]));
        const said = JSON.stringify(valueAt(layer.values, steps));
        if (!from && shown !== '{}') expect(said.replaceAll('$${config:', '${config:')).toBe(shown);
      }
    }),
  );
});

/** JSON Pointers to the leaves; documents as such are none. */
function leavesOf(value: unknown, pointer = ''): string[] {
  const isBranch =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !Object.hasOwn(value, '$secret_ref');
  const members = isBranch ? Object.entries(value) : [];
  if (members.length === 0) return pointer === '' ? [] : [pointer];
  return members.flatMap(([name, member]) =>
    leavesOf(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
