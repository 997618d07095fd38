import { Module } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InvalidInput } from '#shared-kernel';
import type { ExpectedVersion, Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Text } from './fields.js';
import { historyController } from './history-controller.js';
import type { HistoryRoutes } from './history-controller.js';
import { HotRoutes } from './hot-routes.js';
import { listResponse } from './list-response.js';
import { createDocument } from './openapi.js';
import { ResourceResponse } from './resource-response.js';
import { createAdapter } from './server.js';
import { INFO, nodeAt } from './testing/zoo.js';
import type { Node } from './testing/zoo.js';

class LionResponse extends ResourceResponse {
  @Text()
  readonly mane!: string;
}

const AT = new Date('2026-01-02T03:04:05.678Z');
const past = (version: number, mane: string | null): PastStateOf<{ mane: string }> => ({
  version,
  type: mane === null ? 'deleted' : 'updated',
  changedBy: 'key:a',
  changedAt: AT,
  changeReason: null,
  rolledBackFrom: version === 3 ? 1 : null,
  state: mane === null ? null : { mane },
});
const PAST = [past(1, 'short'), past(2, 'long'), past(3, 'short'), past(4, null)];

class LionQueries {
  versions(id: string, { limit }: PageRequest): Promise<Page<PastVersion>> {
    const items = PAST.map(({ state: _, ...version }) => version).toReversed();
    return Promise.resolve({ items: items.slice(0, limit), limit, nextCursor: `after ${id}` });
  }

  version(_: string, version: number): Promise<PastStateOf<{ mane: string }>> {
    const found = PAST[version - 1];
    return found ? Promise.resolve(found) : Promise.reject(new Error('none'));
  }
}

class LionService {
  rollBack(target: { id: string; ifVersion: ExpectedVersion }, version: number, reason: string | null) {
    if (reason === 'wrong') return Promise.reject(InvalidInput.at('/domain', 'pattern', 'No.'));
    return Promise.resolve({ mane: JSON.stringify({ ...target, version, reason }) });
  }
}

const show = (tenant: string | null, { mane }: { mane: string }): LionResponse => {
  const stamps = { created_at: AT.toISOString(), updated_at: AT.toISOString() };
  return { id: 'l', tenant_id: tenant, version: 1, ...stamps, created_by: 'a', updated_by: 'a', mane };
};

/** What the controller has, which is typed as any controller. */
interface Lions {
  versions(id: string, query: { limit: number }): Promise<unknown>;
  version(id: string, version: number): Promise<unknown>;
  diff(id: string, a: number, b: number): Promise<unknown>;
  rollBack(id: string, version: number, ifVersion: unknown, body: unknown): Promise<LionResponse>;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly { readonly bearer: readonly string[] }[];
  readonly summary: string;
  readonly tags: readonly string[];
}

const ROUTES: HistoryRoutes<string, { mane: string }, { mane: string }, LionResponse> = {
  path: 'lions/:id',
  tag: 'Lions',
  name: 'Lion',
  noun: 'a lion',
  read: 'lions:read',
  write: 'lions:write',
  returns: LionResponse,
  queries: LionQueries,
  service: LionService,
  idOf: (text) => text.toUpperCase(),
  toResponse: (view, tenant) => show(tenant, view),
  toStored: (state, tenant) => show(tenant, state),
};

describe('the routes of the past', () => {
  const context = new CallContext();

  function ask<T>(routes: typeof ROUTES, question: (lions: Lions) => Promise<T>): Promise<T> {
    const controller = new (historyController(routes))(
      new LionQueries(),
      new LionService(),
      context,
    ) as Lions;
    const caller = { actor: 'test', tenant: 'acme', permissions: new Set<string>() };
    return context.run({ caller, requestId: 'r', traceId: null }, () => question(controller));
  }

  it('list versions without what was', async () => {
    const page = await ask(ROUTES, (lions) => lions.versions('x', { limit: 2 }));
    const version = { changed_by: 'key:a', changed_at: AT.toISOString(), change_reason: null };
    expect(page).toEqual({
      items: [
        { ...version, version: 4, type: 'deleted', rolled_back_from: null },
        { ...version, version: 3, type: 'updated', rolled_back_from: 1 },
      ],
      limit: 2,
      has_more: true,
      next_cursor: 'after X',
    });
  });

  it('show a version as the caller sees it, and null where it removed the resource', async () => {
    const second = await ask(ROUTES, (lions) => lions.version('x', 2));
    expect(second).toMatchObject({ version: 2, state: { mane: 'long', tenant_id: 'acme' } });
    expect(await ask(ROUTES, (lions) => lions.version('x', 4))).toMatchObject({
      type: 'deleted',
      state: null,
    });
  });

  it('tell what changed between two versions', async () => {
    const diff = (a: number, b: number): Promise<unknown> => ask(ROUTES, (lions) => lions.diff('x', a, b));
    expect(await diff(1, 2)).toEqual([{ op: 'replace', path: '/mane', value: 'long' }]);
    expect(await diff(1, 3)).toEqual([]);
    expect(await diff(2, 4)).toEqual([{ op: 'replace', path: '', value: null }]);
    await expect(diff(1, 5)).rejects.toThrow('none');
  });

  it('roll back by the id, the expected version and the reason that were sent', async () => {
    const rollBack = async (body: unknown): Promise<unknown> =>
      JSON.parse((await ask(ROUTES, (lions) => lions.rollBack('x', 2, 7, body))).mane);
    const sent = { id: 'X', ifVersion: 7, version: 2 };
    expect(await rollBack({ change_reason: 'why' })).toEqual({ ...sent, reason: 'why' });
    expect(await rollBack({})).toEqual({ ...sent, reason: null });
    expect(await rollBack(undefined)).toEqual({ ...sent, reason: null });
  });

  it('tell a refusal at the places of the wire where these are others', async () => {
    const wrong = (routes: typeof ROUTES): Promise<unknown> =>
      ask(routes, (lions) => lions.rollBack('x', 2, null, { change_reason: 'wrong' }));
    await expect(wrong(ROUTES)).rejects.toMatchObject({ violations: [{ pointer: '/domain' }] });
    const told = wrong({
      ...ROUTES,
      tell: (work) => work().catch(() => Promise.reject(InvalidInput.at('/wire', 'pattern', 'No.'))),
    });
    await expect(told).rejects.toMatchObject({ violations: [{ pointer: '/wire' }] });
  });
});

describe('the document', () => {
  class LionListResponse extends listResponse(() => LionResponse) {}

  /** Of an application with the routes of one kind, and of a second kind beside it. */
  async function documentOf(...routes: (typeof ROUTES)[]): Promise<Node> {
    const controllers: Type[] = routes.map((each) => historyController(each));
    const providers = [HotRoutes, CallContext, LionQueries, LionService];
    class Savannah {}
    Module({ controllers, providers })(Savannah);
    const app = await NestFactory.create(Savannah, createAdapter(), { logger: false });
    app.get(HotRoutes).add({
      ...{ method: 'GET', url: '/lions', allow: 'public', name: 'listLions', tag: 'Lions', summary: 'All' },
      ...{ returns: { model: LionListResponse }, refuses: [], handle: () => null },
    });
    const document = JSON.parse(JSON.stringify(createDocument(app, INFO))) as Node;
    await app.close();
    return document;
  }

  const statusesOf = (document: Node, ...path: string[]): string[] =>
    Object.keys(nodeAt(document, ['paths', ...path, 'responses']) as Node).filter((code) => code !== '500');

  it('has four operations of each kind, with the names and the permissions of that kind', async () => {
    const tigers = { ...ROUTES, path: 'tigers/:id', name: 'Tiger', noun: 'a tiger', write: 'tigers:write' };
    const { paths } = await documentOf(ROUTES, tigers);
    const told = Object.entries(paths as Record<string, Record<string, Operation>>)
      .filter(([path]) => path !== '/lions')
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, { operationId, security, summary, tags }]) => [
          ...[method, path, operationId, security[0]?.bearer[0], summary, tags.join()],
        ]),
      );
    const of = (id: string, name: string, noun: string, write: string): string[][] => [
      ['post', `/${id}/{id}/rollback/{version}`, `rollBack${name}`, write, `Bring back the state of a version of ${noun}, as a new one`, 'Lions'],
      ['get', `/${id}/{id}/versions`, `list${name}Versions`, 'lions:read', `List the versions of ${noun}, newest first`, 'Lions'],
      ['get', `/${id}/{id}/versions/{a}/diff/{b}`, `diff${name}Versions`, 'lions:read', `Get what changed between two versions of ${noun}`, 'Lions'],
      ['get', `/${id}/{id}/versions/{version}`, `get${name}Version`, 'lions:read', `Get ${noun} as it was in a version`, 'Lions'],
    ]; // prettier-ignore
    expect(told).toEqual([
      ...of('lions', 'Lion', 'a lion', 'lions:write'),
      ...of('tigers', 'Tiger', 'a tiger', 'tigers:write'),
    ]);
  });

  it('names the refusals of a rollback besides those that each has, and what it leaves', async () => {
    const plain = await documentOf(ROUTES);
    const rollBack = ['/lions/{id}/rollback/{version}', 'post'];
    expect(nodeAt(plain, ['paths', ...rollBack])).not.toHaveProperty('description');
    const all = [
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '410',
      '412',
      '413',
      '414',
      '415',
      '422',
      '428',
      '503',
    ];
    expect(statusesOf(plain, ...rollBack)).toEqual(all);
    const more = { ...ROUTES, rollbackRefuses: ['limit'] as const, rollbackNote: 'The name stays.' };
    const document = await documentOf(more);
    expect(nodeAt(document, ['paths', ...rollBack])).toHaveProperty('description', 'The name stays.');
    expect(statusesOf(document, ...rollBack).filter((code) => !all.includes(code))).toEqual(['429']);
  });

  it('has a list of each resource under a name of its own', async () => {
    const document = await documentOf(ROUTES);
    expect(nodeAt(document, ['components', 'schemas', 'LionListResponse'])).toEqual({
      type: 'object',
      properties: {
        items: { type: 'array', items: { $ref: '#/components/schemas/LionResponse' } },
        limit: { type: 'integer' },
        has_more: { type: 'boolean' },
        next_cursor: { type: ['string', 'null'] },
        total: { type: 'integer', description: 'Only with include_total.' },
      },
      required: ['items', 'limit', 'has_more', 'next_cursor'],
    });
    const schemas = Object.keys(nodeAt(document, ['components', 'schemas']) as Node);
    expect(schemas).not.toContain('ListResponse');
  });
});
