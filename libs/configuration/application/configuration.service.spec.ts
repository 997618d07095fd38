import { CatalogReferences, CatalogReferenceUnknown } from '#catalog';
import type { References } from '#catalog';
import { InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { DomainError, IdConflict } from '#shared-kernel';
import { contentOf } from '../domain/configuration.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import { toLayer } from '../domain/effective/layer.js';
import type { Layer } from '../domain/effective/layer.js';
import { EffectiveInvalid } from '../domain/effective/errors.js';
import { ConfigurationNotFound, OverlappingWindow } from '../domain/errors.js';
import { configurationName, environmentName, schemaId } from '../domain/identity.js';
import type { ServiceId } from '../domain/identity.js';
import { aConfigurationId, aContent, aScope } from '../testing/a-configuration.js';
import { InMemoryConfigurationRepository } from '../testing/in-memory-configuration.repository.js';
import { ConfigurationService } from './configuration.service.js';
import type { ConfigurationWrites, NewConfiguration } from './configuration-writes.js';
import { EffectiveCheck } from './effective-check.js';
import { Layers } from './layers.js';
import { SchemaValidation } from './schema-validation.js';
import type { SchemaViolation } from './schema-validation.js';
import { SecretResolver } from './secret-resolver.js';
import type { ResolvedSecret } from './secret-resolver.js';

const clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
const SCHEMA = schemaId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');
const SECRET = {
  ...{ key: 'password', provider: null, path: 'secret/app', field: 'password', version: null },
  onError: 'fail' as const,
};

/** What is stored, as layers; notes what is asked, in its order. */
class StoredLayers extends Layers {
  constructor(
    private readonly configurations: InMemoryConfigurationRepository,
    private readonly asked: string[],
  ) {
    super();
  }

  override async hold(_: ServiceId, tenant: string | null): Promise<void> {
    this.asked.push(`hold ${tenant ?? 'shared'}`);
  }

  override async ofService(service: ServiceId): Promise<Layer[]> {
    this.asked.push('check');
    return this.configurations.versions.all
      .filter((state) => state.service === service && state.isActive)
      .map(toLayer);
  }

  override asOf(): Promise<Layer[]> {
    return Promise.reject(new Error('Nothing here reads the past.'));
  }
}

/** Every schema is there, and takes everything. */
class LenientSchemas extends SchemaValidation {
  constructor(private readonly asked: string[]) {
    super();
  }

  override async check(_: string | null, checks: readonly object[]): Promise<SchemaViolation[][]> {
    return checks.map(() => []);
  }

  override async expectUsable(): Promise<void> {
    this.asked.push('schema');
  }
}

/** Knows every environment but `nowhere`. */
class AlmostAllKnown extends CatalogReferences {
  constructor(private readonly asked: string[]) {
    super();
  }

  override async expectKnown(_: string | null, { environments = [] }: References): Promise<void> {
    this.asked.push(...environments.map(({ value }) => `environment ${value}`));
    const unknown = environments.filter(({ value }) => value === 'nowhere');
    if (unknown.length === 0) return;
    throw new CatalogReferenceUnknown(unknown.map(({ pointer }) => ({ pointer, code: 'c', detail: 'd' })));
  }
}

/** Every secret may be asked for. */
class LenientSecrets extends SecretResolver {
  constructor(private readonly asked: string[]) {
    super();
  }

  override async resolve(): Promise<ResolvedSecret[]> {
    return [];
  }

  override async expectAllowed(_: string | null, references: readonly { pointer: string }[]): Promise<void> {
    this.asked.push(...references.map(({ pointer }) => `secret ${pointer}`));
  }
}

function start() {
  const asked: string[] = [];
  const configurations = new InMemoryConfigurationRepository(clock);
  const layers = new StoredLayers(configurations, asked);
  const schemas = new LenientSchemas(asked);
  const service = new ConfigurationService(
    configurations,
    layers,
    schemas,
    new LenientSecrets(asked),
    new AlmostAllKnown(asked),
    new EffectiveCheck(layers, schemas, clock),
    new InMemoryUnitOfWork(configurations.versions),
  );
  const alone = async <T>(work: (writes: ConfigurationWrites) => Promise<T>): Promise<T> =>
    (await service.together(work)).result;
  const create = async (request: Partial<NewConfiguration> = {}): Promise<ConfigurationState> =>
    (await alone((writes) => writes.create(aRequest(request)))).state;
  return { asked, configurations, service, alone, create };
}

const aRequest = (request: Partial<NewConfiguration> = {}): NewConfiguration => ({
  id: aConfigurationId(),
  idIsGiven: false,
  scope: aScope(),
  content: aContent(),
  reason: null,
  ...request,
});

const at = ({ id }: ConfigurationState) => ({ id, ifVersion: null });

it('holds the layers before it looks at anything, and checks once, at the end', async () => {
  const { asked, service, create } = start();
  const content = aContent({ schemaId: SCHEMA, secretRefs: [SECRET] });
  const first = await create({ content, scope: aScope({ tenant: 'acme' }) });
  expect(asked).toEqual(['hold acme', 'environment production', 'schema', 'secret /secret_refs/0', 'check']);
  asked.length = 0;
  await service.together(async (writes) => {
    await writes.revise(at(first), () => ({ values: { a: 1 } }), null);
    await writes.revise(at(first), () => ({ values: { a: 2 } }), null);
  });
  expect(asked).toEqual(['hold acme', 'check']);
});

it('holds a service once for each tenant, and anew where what held it first was undone', async () => {
  const { asked, service, create } = start();
  const scope = aScope({ tenant: 'acme' });
  const first = await create({ scope });
  const holds = (): string[] => asked.filter((one) => one.startsWith('hold'));
  asked.length = 0;
  await service.together(async (writes) => {
    const stale = writes.delete({ ...at(first), ifVersion: 7 }, null);
    await expect(stale).rejects.toMatchObject({ kind: 'stale' }); // Its lock is gone with it.
    await writes.revise(at(first), () => ({ values: { a: 1 } }), null);
    await expect(writes.delete({ ...at(first), ifVersion: 7 }, null)).rejects.toMatchObject({
      kind: 'stale',
    });
    await writes.findPermanent(scope);
    await writes.create(aRequest({ scope: { ...scope, name: configurationName('other') } }));
    await writes.create(aRequest({ scope: { ...scope, tenant: null } }));
  });
  expect(holds()).toEqual(['hold acme', 'hold acme', 'hold shared']);
});

it('asks for schemas and secrets again only where they are others', async () => {
  const { asked, create, alone } = start();
  const first = await create({ content: aContent({ schemaId: SCHEMA, secretRefs: [SECRET] }) });
  asked.length = 0;
  await alone((writes) => writes.revise(at(first), () => ({ description: 'd' }), null));
  expect(asked).toEqual(['hold shared', 'check']);
  const values = { more: { $secret_ref: { path: 'secret/other' } } };
  await alone((writes) => writes.revise(at(first), () => ({ values }), null));
  expect(asked).toContain('secret /values/more');
});

it('asks for an environment that is named anew, once, and not for what lies under all of them', async () => {
  const { asked, service, create, alone } = start();
  const places = (): string[] => asked.filter((one) => one.startsWith('environment'));
  const scope = aScope({ environment: environmentName('qa') });
  const first = await create({ scope });
  expect(places()).toEqual(['environment qa']);
  await alone((writes) => writes.revise(at(first), () => ({ values: { a: 1 } }), null));
  await alone((writes) => writes.rollBack(at(first), 1, null));
  await alone((writes) => writes.delete(at(first), null));
  await create({ scope: aScope({ environment: environmentName('base') }) });
  expect(places()).toEqual(['environment qa']);
  await service.together(async (writes) => {
    for (const name of ['a', 'b'])
      await writes.create(aRequest({ scope: { ...scope, name: configurationName(name) } }));
  });
  expect(places()).toEqual(['environment qa', 'environment qa']);
  const unknown = create({ scope: aScope({ environment: environmentName('nowhere') }) });
  await expect(unknown).rejects.toMatchObject({ violations: [{ pointer: '/environment' }] });
});

it('gives one change a configuration, from the first to the last', async () => {
  const { service, create } = start();
  const first = await create({ content: aContent({ values: { a: 1 } }) });
  const { changes, affected } = await service.together(async (writes) => {
    await writes.revise(at(first), () => ({ values: { a: 2 } }), null);
    await writes.deactivate(at(first), null);
    await writes.activate(at(first), null);
  });
  expect(changes).toEqual([
    { before: first, after: expect.objectContaining({ version: 4, values: { a: 2 } }) },
  ]);
  expect(affected.map(({ name, before, after }) => [name, before, after])).toEqual([
    ['database', { a: 1 }, { a: 2 }],
  ]);
});

it('refuses as a whole what leaves a document broken in the end, and takes what was broken on the way', async () => {
  const { configurations, service, alone, create } = start();
  const scope = aScope();
  const other = { ...scope, name: configurationName('hosts') };
  const target = await create({ scope: other, content: aContent({ values: { db: 'x' } }) });
  const content = aContent({ values: { url: '${config:hosts.db}' } });
  await create({ scope, content });
  await expect(alone((writes) => writes.delete(at(target), null))).rejects.toThrow(EffectiveInvalid);
  expect(await configurations.isIdUsed(target.id)).toBe(true);
  expect((await configurations.get(target.id)).snapshot).toEqual(target);
  const { changes } = await service.together(async (writes) => {
    await writes.delete(at(target), null);
    await writes.create(aRequest({ scope: other, content: aContent({ values: { db: 'y' } }) }));
  });
  expect(changes).toHaveLength(2);
});

it('a preview gives what would happen, and leaves everything as it was', async () => {
  const { configurations, service, create } = start();
  const first = await create({ content: aContent({ values: { a: 1 } }) });
  const { result, changes, affected } = await service.preview((writes) =>
    writes.revise(at(first), () => ({ values: { a: 2 } }), null),
  );
  expect([result.version, changes.length, affected.length > 0]).toEqual([2, 1, true]);
  expect((await configurations.get(first.id)).snapshot).toEqual(first);
  const missing = service.preview((writes) =>
    writes.delete({ id: aConfigurationId(), ifVersion: null }, null),
  );
  await expect(missing).rejects.toThrow(ConfigurationNotFound);
});

it('what fails inside of a piece of work leaves the rest of it as it was', async () => {
  const { configurations, service } = start();
  const scope = aScope();
  const { result, changes } = await service.together(async (writes) => {
    const { state } = await writes.create(aRequest({ scope }));
    const refusal = await writes.create(aRequest({ scope })).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OverlappingWindow);
    expect((refusal as DomainError).facts).toEqual({ conflicting_id: state.id });
    return state;
  });
  expect(changes).toHaveLength(1);
  expect(configurations.versions.all).toEqual([result]);
});

it('an id that is given may be repeated with the same content alone', async () => {
  const { alone, create } = start();
  const request = { id: aConfigurationId(), idIsGiven: true, scope: aScope() };
  const first = await create({ ...request, content: aContent({ values: { a: 1, b: 2 } }) });
  const again = (change: Partial<NewConfiguration>) =>
    alone((writes) => writes.create(aRequest({ ...request, content: contentOf(first), ...change })));
  expect(await again({ content: aContent({ values: { b: 2, a: 1 } }) })).toEqual({
    state: first,
    outcome: 'unchanged',
  });
  await expect(again({ content: aContent() })).rejects.toThrow(IdConflict);
  await expect(again({ scope: aScope() })).rejects.toThrow(IdConflict);
  await alone((writes) => writes.delete(at(first), null));
  await expect(again({})).rejects.toThrow(IdConflict);
});
