import type { ConfigurationState } from '../domain/configuration-state.js';
import type { JsonObject } from '../domain/json.js';
import { aState, at, CheckedSaves, HOSTED, refusalOf, SMALL } from '../testing/checked-saves.js';
import type { AffectedResult } from './effective-check.js';

const placesOf = (results: readonly AffectedResult[]): string[] =>
  results.map(({ tenant, environment, name, from }) => `${tenant} ${environment} ${name} ${from}`);

let saves: CheckedSaves;

beforeEach(() => {
  saves = new CheckedSaves();
});

describe('the check at save', () => {
  describe('tells what becomes otherwise', () => {
    it('for the base, each environment with layers, what is shared and each tenant with layers', async () => {
      saves.stored(
        aState({ environment: 'production', values: { size: 1 } }),
        aState({ tenant: 'acme', environment: 'staging', values: { size: 2 } }),
        aState({ tenant: 'other', name: 'cache' }),
      );
      expect(placesOf(await saves.created(aState({ values: { host: 'db' } })))).toEqual([
        'null base database null',
        'null production database null',
        'acme base database null',
        'acme production database null',
        'acme staging database null',
      ]);
    });

    it('for the tenant and the environment alone whose layer it is', async () => {
      saves.stored(aState({ values: { host: 'db' } }), aState({ tenant: 'other' }));
      const results = await saves.created(
        aState({ tenant: 'acme', environment: 'production', values: { size: 1 } }),
      );
      expect(results).toEqual([
        {
          service: 'orders',
          tenant: 'acme',
          environment: 'production',
          name: 'database',
          from: null,
          before: { host: 'db' },
          after: { host: 'db', size: 1 },
        },
      ]);
    });

    it('not where a layer above says the same anyway', async () => {
      const base = aState({ values: { host: 'a' } });
      saves.stored(base, aState({ environment: 'production', values: { host: 'b' } }));
      expect(placesOf(await saves.revised(base, { values: { host: 'c' } }))).toEqual([
        'null base database null',
      ]);
    });

    it('from the start of a window, and once for as long as it stays the same', async () => {
      const window = aState({ values: { size: 1 }, effectiveFrom: at(1), effectiveUntil: at(4) });
      saves.stored(
        aState({ values: { host: 'a' } }),
        aState({ environment: 'production', values: { x: 1 }, effectiveFrom: at(2), effectiveUntil: at(3) }),
      );
      expect(await saves.created(window)).toMatchObject([
        { environment: 'base', from: at(1).getTime(), before: { host: 'a' }, after: { host: 'a', size: 1 } },
        { environment: 'production', from: at(1).getTime() },
        { environment: 'production', from: at(2).getTime(), after: { host: 'a', size: 1, x: 1 } },
        { environment: 'production', from: at(3).getTime(), after: { host: 'a', size: 1 } },
      ]);
    });

    it('in documents that refer to what changes', async () => {
      const base = aState({ values: { host: 'a' } });
      saves.stored(
        base,
        aState({ name: 'app', values: { url: '${config:database.host}/' } }),
        aState({ name: 'cache' }),
      );
      expect(await saves.revised(base, { values: { host: 'b' } })).toMatchObject([
        { name: 'app', before: { url: 'a/' }, after: { url: 'b/' } },
        { name: 'database' },
      ]);
    });

    it('with what others say that it refers to', async () => {
      saves.stored(aState({ name: 'app', values: { x: 1 } }));
      const results = await saves.created(aState({ values: { a: '${config:app.x}' } }));
      expect(results).toMatchObject([{ name: 'database', after: { a: 1 } }]);
    });

    it('from where a window would have begun that is taken away', async () => {
      const window = aState({ effectiveFrom: at(1) });
      saves.stored(window);
      expect(await saves.changed({ before: window, after: null })).toMatchObject([
        { from: at(1).getTime(), before: {}, after: null },
      ]);
    });

    it('when a configuration becomes active', async () => {
      const results = await saves.revised(aState({ isActive: false }), { isActive: true });
      expect(results).toMatchObject([{ before: null, after: {} }]);
    });

    it('when a document appears or goes', async () => {
      const state = aState();
      expect(await saves.created(state)).toMatchObject([{ before: null, after: {} }]);
      expect(await saves.changed({ before: state, after: null })).toMatchObject([
        { before: {}, after: null },
      ]);
    });

    it('and asks for nothing when only what is not active changes', async () => {
      saves.layers.ofService = () => Promise.reject(new Error('Nobody has to look.'));
      expect(await saves.created(aState({ isActive: false }))).toEqual([]);
    });
  });

  describe('holds documents against the schemas of their layers', () => {
    it('and refuses with the place in what is saved', async () => {
      saves.stored(aState({ schemaId: SMALL }));
      const saved = aState({ environment: 'production', values: { size: 101 } });
      const refusal = await refusalOf(saves.created(saved));
      expect(refusal.facts).toEqual({
        errors: [{ pointer: '/values/size', code: 'maximum', detail: 'at most 100' }],
        places: [
          {
            service_id: 'orders',
            environment: 'production',
            tenant_id: null,
            name: 'database',
            pointer: '/size',
            from: null,
          },
        ],
      });
      expect(refusal.breaches).toMatchObject([{ configurationId: saved.id }]);
    });

    it('at a boundary to come as well', async () => {
      saves.stored(aState({ schemaId: SMALL, effectiveFrom: at(5) }));
      const { facts } = await refusalOf(saves.created(aState({ values: { size: 101 } })));
      expect(facts).toMatchObject({ places: [{ from: at(5).toISOString() }] });
    });

    it('but not at one that is over', async () => {
      saves.stored(aState({ schemaId: SMALL, effectiveFrom: at(-5), effectiveUntil: at(0) }));
      await saves.created(aState({ values: { size: 101 } }));
      expect(saves.schemas.checks).toEqual([]);
    });

    it('for tenants whose own layers only meet the saved one', async () => {
      saves.stored(
        aState({ tenant: 'acme', schemaId: HOSTED, values: { size: 1 } }),
        aState({ values: { host: 'a' } }),
      );
      const base = [...saves.layers.states.values()].find(({ tenant }) => tenant === null)!;
      const { facts } = await refusalOf(saves.changed({ before: base, after: null }));
      expect(facts).toMatchObject({
        errors: [{ pointer: '', code: 'required', detail: '"database" in "base" for "acme": host' }],
        places: [{ tenant_id: 'acme' }],
      });
    });

    it('says the place in words where a layer that is not saved has the value', async () => {
      saves.stored(aState({ environment: 'production', values: { size: 101 } }));
      const { facts } = await refusalOf(saves.created(aState({ schemaId: SMALL })));
      expect(facts).toMatchObject({
        errors: [
          { pointer: '/values', code: 'maximum', detail: '"database" at /size in "production": at most 100' },
        ],
      });
    });

    it('finds the value that a reference took over', async () => {
      const limits = aState({ name: 'limits', values: { most: 5 } });
      saves.stored(limits, aState({ schemaId: SMALL, values: { size: '${config:limits.most}' } }));
      const { facts } = await refusalOf(saves.revised(limits, { values: { most: 500 } }));
      expect(facts).toMatchObject({ errors: [{ pointer: '/values/most' }] });
    });

    it('once for what does not become otherwise, and again when a schema is new', async () => {
      const state = aState({ values: { size: 101 } });
      saves.stored(state);
      await saves.revised(state, { description: 'words' });
      expect(saves.schemas.checks).toEqual([]);
      const described = [...saves.layers.states.values()][0]!;
      await refusalOf(saves.revised(described, { schemaId: SMALL }));
      expect(saves.schemas.checks).toMatchObject([{ schemaId: SMALL, document: { size: 101 } }]);
    });

    it('not again when nothing becomes otherwise, nor at a boundary that changes nothing', async () => {
      const state = aState({ schemaId: SMALL, values: { size: 1 } });
      saves.stored(aState({ effectiveFrom: at(1), values: { size: 1 } }));
      await saves.created(state);
      expect(saves.schemas.checks).toHaveLength(1);
      await saves.revised(state, { description: 'words' });
      expect(saves.schemas.checks).toHaveLength(1);
    });

    it('with the places of secrets, on the account of the tenant', async () => {
      await saves.created(
        aState({
          tenant: 'acme',
          schemaId: SMALL,
          values: { text: 'a ${config:database.deep.secret}' },
          secretRefs: [
            { key: 'deep.secret', provider: null, path: 'a', field: null, version: null, onError: 'fail' },
          ],
        }),
      );
      expect(saves.schemas.checks).toMatchObject([{ secretsAt: ['/deep/secret', '/text'] }]);
      expect(saves.schemas.accounts).toEqual(['acme']);
    });
  });

  it('looks at each layer a few times for a shared save, not once for each tenant', async () => {
    let looks = 0;
    const counted = (state: ConfigurationState): JsonObject =>
      Object.defineProperty({}, 'own', {
        enumerable: true,
        get: () => {
          looks += 1;
          return state.tenant;
        },
      }) as JsonObject;
    const looksWith = async (tenants: number): Promise<number> => {
      saves.layers.states.clear();
      for (let index = 0; index < tenants; index += 1) {
        const state = aState({ tenant: `t-${index}` });
        saves.stored({ ...state, values: counted(state) });
      }
      looks = 0;
      await saves.created(aState({ values: { size: 1 } }));
      return looks;
    };
    const few = await looksWith(10);
    expect(few).toBeGreaterThan(0);
    expect(await looksWith(100)).toBeLessThanOrEqual(few * 10);
  });
});
