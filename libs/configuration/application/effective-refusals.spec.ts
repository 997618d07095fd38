import type { ConfigurationState } from '../domain/configuration-state.js';
import { FinalKeyOverridden } from '../domain/effective/errors.js';
import { aState, at, CheckedSaves, refusalOf, SMALL } from '../testing/checked-saves.js';

let saves: CheckedSaves;

beforeEach(() => {
  saves = new CheckedSaves();
});

describe('the refusal of a save', () => {
  describe('keeps final keys', () => {
    const final = (): ConfigurationState => aState({ values: { tls: true }, finalKeys: ['other', 'tls'] });

    it('against a layer above, naming the one that made it final', async () => {
      const below = final();
      saves.stored(below);
      const refusal = await refusalOf(
        saves.created(aState({ environment: 'production', values: { tls: true } })),
      );
      expect(refusal).toBeInstanceOf(FinalKeyOverridden);
      expect(refusal.facts).toMatchObject({
        errors: [{ pointer: '/values/tls', code: 'final_key' }],
        layer: {
          configuration_id: below.id,
          version: 1,
          tenant_id: null,
          environment: 'base',
          name: 'database',
        },
      });
    });

    it('against a secret that a layer above lists', async () => {
      const secret = { provider: null, path: 'a', field: null, version: null, onError: 'fail' } as const;
      const secretRefs = [
        { key: 'fine', ...secret },
        { key: 'tls.key', ...secret },
      ];
      const values = { tls: { key: 'what the secret stands over' } };
      saves.stored(aState({ finalKeys: ['tls.key'], effectiveUntil: at(1) }));
      const { facts } = await refusalOf(
        saves.created(aState({ environment: 'production', secretRefs, values })),
      );
      expect(facts).toMatchObject({ errors: [{ pointer: '/secret_refs/1/key' }] });
    });

    it('when they are made final under a layer that sets them, naming that one', async () => {
      const above = aState({ tenant: 'acme', environment: 'production', values: { tls: false } });
      saves.stored(above);
      const { facts } = await refusalOf(saves.created(final()));
      expect(facts).toMatchObject({
        errors: [{ pointer: '/final_keys/1', code: 'final_key' }],
        layer: { configuration_id: above.id, tenant_id: 'acme' },
      });
    });

    it('at a boundary to come', async () => {
      saves.stored({ ...final(), effectiveFrom: at(1), effectiveUntil: at(2) });
      await refusalOf(saves.created(aState({ environment: 'production', values: { tls: false } })));
    });

    it('but does not hold an old problem against a save that has no part in it', async () => {
      const above = aState({ environment: 'production', values: { tls: false } });
      saves.stored(final(), above);
      expect(await saves.revised(above, { description: 'words' })).toEqual([]);
    });
  });

  describe('keeps references whole', () => {
    it('and says where one leads nowhere', async () => {
      const { facts } = await refusalOf(saves.created(aState({ values: { a: { b: '${config:app.x}' } } })));
      expect(facts).toMatchObject({ errors: [{ pointer: '/values/a/b', code: 'reference_unknown' }] });
    });

    it('when what another document refers to goes', async () => {
      const database = aState({ values: { host: 'a' } });
      saves.stored(database, aState({ name: 'app', values: { url: '${config:database.host}' } }));
      const { facts } = await refusalOf(saves.revised(database, { values: {} }));
      expect(facts).toMatchObject({
        errors: [
          {
            pointer: '/values',
            code: 'reference_unknown',
            detail: expect.stringContaining('"app" at /url') as string,
          },
        ],
        places: [{ name: 'app', pointer: '/url' }],
      });
    });

    it('and lets documents that refer to each other be made together', async () => {
      const app = aState({ name: 'app', values: { a: '${config:database.b}', c: 1 } });
      const database = aState({ values: { b: '${config:app.c}' } });
      expect(await saves.created(app, database)).toMatchObject([
        { name: 'app', after: { a: 1, c: 1 } },
        { name: 'database', after: { b: 1 } },
      ]);
    });
  });

  it('says pointers in the terms of a caller who sent several', async () => {
    saves.stored(aState({ schemaId: SMALL }));
    const saved = aState({ environment: 'production', values: { size: 101 } });
    const refusal = await refusalOf(saves.created(saved));
    const relocated = refusal.relocated((id, pointer) => `/operations/${id === saved.id ? 3 : 0}${pointer}`);
    expect(relocated.facts).toMatchObject({ errors: [{ pointer: '/operations/3/values/size' }] });
  });

  it('tells at most 100 places, whatever the number of tenants', async () => {
    saves.stored(
      ...Array.from({ length: 150 }, (_, index) =>
        aState({ tenant: `t-${index}`, values: { own: index }, schemaId: SMALL }),
      ),
    );
    const { facts } = await refusalOf(saves.created(aState({ values: { size: 101 } })));
    expect(facts['errors']).toHaveLength(1);
    expect(facts['places']).toHaveLength(100);
  });
});
