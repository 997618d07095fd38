import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { ExpectedVersion, Page, PageRequest } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Text } from './fields.js';
import { HotRoutes } from './hot-routes.js';
import { ListQuery } from './list-query.js';
import { listResponse } from './list-response.js';
import { createDocument } from './openapi.js';
import { resourceControllers } from './resource-controllers.js';
import type { ResourceRoutes } from './resource-controllers.js';
import { ResourceResponse } from './resource-response.js';
import type { AskedChange, Manner } from './resource-routes.js';
import { createAdapter } from './server.js';
import { INFO, nodeAt } from './testing/zoo.js';
import type { Node } from './testing/zoo.js';

class LionResponse extends ResourceResponse {
  @Text()
  readonly mane!: string;
}

class LionListResponse extends listResponse(() => LionResponse) {}

class LionListQuery extends ListQuery {
  @Text({ optional: true })
  readonly mane?: string;
}

class LionBody {
  @Text()
  readonly mane!: string;
}

class LionPatch extends LionBody {}

/** Whatever was said to a part, told back by it. */
interface Lion {
  readonly mane: string;
}

const told = (...said: unknown[]): Lion => ({ mane: JSON.stringify(said) });

class LionQueries {
  readonly get = (id: string): Promise<Lion> => Promise.resolve(told('get', id));
  readonly asOf = (id: string, at: Date): Promise<Lion> => Promise.resolve(told('asOf', id, at));
  readonly page = (filter: string, request: PageRequest): Promise<Page<Lion>> =>
    Promise.resolve({ items: [told(filter, request)], limit: request.limit, nextCursor: 'next' });
}

type At = { readonly id: string; readonly ifVersion: ExpectedVersion };

class LionService {
  async create(mane: string): Promise<{ state: Lion; outcome: 'created' | 'unchanged' }> {
    if (mane === 'wrong') throw InvalidInput.at('/domain', 'pattern', 'No.');
    return Promise.resolve({ state: { mane }, outcome: mane === 'old' ? 'unchanged' : 'created' });
  }

  async revise(target: At, change: string, reason: string | null): Promise<Lion> {
    if (change === 'wrong') throw InvalidInput.at('/domain', 'pattern', 'No.');
    return Promise.resolve(told(target, change, reason));
  }

  async delete(target: At, reason: string | null): Promise<void> {
    return Promise.reject(new Error(JSON.stringify([target, reason])));
  }
}

class LionBodies {
  readonly toNew = (sent: unknown): Promise<string> => Promise.resolve(String(sent));
  readonly toRevision = (sent: unknown, manner: Manner): Promise<AskedChange<string>> =>
    Promise.resolve({ asked: sent === 'wrong' ? 'wrong' : `${manner} ${String(sent)}`, reason: 'why' });
}

const show = ({ mane }: Lion, tenant: string | null): LionResponse => {
  const stamps = { created_at: '', updated_at: '', created_by: 'a', updated_by: 'a' };
  return { id: 'l', tenant_id: tenant, version: 1, ...stamps, mane };
};

const ROUTES: ResourceRoutes<string, Lion, Lion, LionResponse, string, string, LionListQuery, string> = {
  path: 'lions',
  tag: 'Lions',
  name: 'Lion',
  names: 'Lions',
  noun: 'a lion',
  nouns: 'lions',
  read: 'lions:read',
  write: 'lions:write',
  returns: LionResponse,
  queries: LionQueries,
  service: LionService,
  bodies: LionBodies,
  idOf: (text) => text.toUpperCase(),
  toResponse: show,
  toStored: ({ mane }, tenant) => show({ mane: `stored ${mane}` }, tenant),
  create: { takes: LionBody },
  list: {
    takes: LionListQuery,
    returns: LionListResponse,
    filter: ({ mane }, tenant) => `${mane} of ${tenant}`,
  },
  update: { takes: LionBody },
  patch: { takes: LionPatch },
  delete: { summary: 'Send a lion away' },
};

/** What the controllers have, which are typed as any controllers. */
interface Pride {
  create(body: unknown, reply: Pick<FastifyReply, 'code'>): Promise<LionResponse>;
  list(query: LionListQuery): Promise<{ items: LionResponse[] }>;
}

interface OneLion {
  get(id: string, query: { as_of?: string }): Promise<LionResponse>;
  update(id: string, ifVersion: ExpectedVersion, body: unknown): Promise<LionResponse>;
  patch(id: string, ifVersion: ExpectedVersion, body: unknown): Promise<LionResponse>;
  delete(id: string, ifVersion: ExpectedVersion, query: { change_reason?: string }): Promise<void>;
}

describe('the routes of the present', () => {
  const context = new CallContext();

  function ask<T>(routes: typeof ROUTES, question: (pride: Pride, lion: OneLion) => Promise<T>): Promise<T> {
    const [pride, lion] = resourceControllers(routes).map(
      (Controller) =>
        new Controller(new LionService(), new LionQueries(), new LionBodies(), context) as never,
    );
    const caller = { actor: 'test', tenant: 'acme', permissions: new Set<string>() };
    return context.run({ caller, requestId: 'r', traceId: null }, () => question(pride!, lion!));
  }

  it('create, and say with 200 that it was there', async () => {
    const codes: number[] = [];
    const reply = { code: (code: number) => codes.push(code) } as never;
    const created = await ask(ROUTES, (pride) => pride.create('new', reply));
    expect(created).toMatchObject({ mane: 'stored new', tenant_id: 'acme' });
    expect(codes).toEqual([]);
    expect(await ask(ROUTES, (pride) => pride.create('old', reply))).toMatchObject({ mane: 'stored old' });
    expect(codes).toEqual([200]);
  });

  it('list by the filter of the kind, for the tenant that the caller may ask for', async () => {
    const query = Object.assign(new LionListQuery(), { mane: 'long', limit: 5, sort: 'x', cursor: 'c' });
    const { items, ...page } = await ask(ROUTES, (pride) => pride.list({ ...query, include_total: true }));
    expect(page).toEqual({ limit: 5, has_more: true, next_cursor: 'next' });
    const request = { limit: 5, cursor: 'c', sort: 'x', includeTotal: true };
    expect(items).toMatchObject([{ mane: told('long of acme', request).mane, tenant_id: 'acme' }]);
    const another = ask(ROUTES, (pride) => pride.list({ limit: 5, tenant_id: 'globex' }));
    await expect(another).rejects.toMatchObject({ code: 'tenant_forbidden' });
  });

  it('show what is there, and what was', async () => {
    const get = (as_of?: string): Promise<LionResponse> =>
      ask(ROUTES, (_, lion) => lion.get('x', as_of === undefined ? {} : { as_of }));
    expect(await get()).toMatchObject({ mane: '["get","X"]', tenant_id: 'acme' });
    const at = '2026-01-02T03:04:05.678Z';
    expect(await get(at)).toMatchObject({ mane: `["asOf","X","${at}"]`, tenant_id: 'acme' });
    await expect(get('2026-02-30T00:00:00Z')).rejects.toMatchObject({ violations: [{ pointer: '/as_of' }] });
  });

  it('replace by a PUT, merge by a PATCH, and delete, with the expected version and the reason', async () => {
    const put = await ask(ROUTES, (_, lion) => lion.update('x', 7, 'body'));
    const target = { id: 'X', ifVersion: 7 };
    expect(put).toMatchObject({
      mane: `stored ${told(target, 'replace body', 'why').mane}`,
      tenant_id: 'acme',
    });
    const patched = await ask(ROUTES, (_, lion) => lion.patch('x', 'any', 'body'));
    const any = { id: 'X', ifVersion: 'any' };
    expect(patched).toMatchObject({ mane: `stored ${told(any, 'merge body', 'why').mane}` });
    const removed = (query: { change_reason?: string }): Promise<void> =>
      ask(ROUTES, (_, lion) => lion.delete('x', 7, query));
    await expect(removed({ change_reason: 'old' })).rejects.toThrow(JSON.stringify([target, 'old']));
    await expect(removed({})).rejects.toThrow(JSON.stringify([target, null]));
  });

  it('tell a refusal at the places of the wire where these are others', async () => {
    const tell: (typeof ROUTES)['tell'] = (work) =>
      work().catch(() => Promise.reject(InvalidInput.at('/wire', 'pattern', 'No.')));
    const writes: ((pride: Pride, lion: OneLion) => Promise<unknown>)[] = [
      (pride) => pride.create('wrong', { code: () => undefined as never }),
      (_, lion) => lion.update('x', null, 'wrong'),
      (_, lion) => lion.patch('x', null, 'wrong'),
    ];
    for (const write of writes) {
      await expect(ask(ROUTES, write)).rejects.toMatchObject({ violations: [{ pointer: '/domain' }] });
      const atItsPlace = ask({ ...ROUTES, tell }, write);
      await expect(atItsPlace).rejects.toMatchObject({ violations: [{ pointer: '/wire' }] });
    }
  });
});

describe('the document', () => {
  async function documentOf(routes: typeof ROUTES): Promise<Node> {
    const controllers = [...resourceControllers(routes)];
    const providers = [HotRoutes, CallContext, LionQueries, LionService, LionBodies];
    class Savannah {}
    Module({ controllers, providers })(Savannah);
    const app = await NestFactory.create(Savannah, createAdapter(), { logger: false });
    const document = JSON.parse(JSON.stringify(createDocument(app, INFO))) as Node;
    await app.close();
    return document;
  }

  const operations = (document: Node): [string, Node][] =>
    Object.entries(document['paths'] as Record<string, Record<string, Node>>).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Node] => [`${method} ${path}`, operation]),
    );
  const statusesOf = (operation: Node): string[] => Object.keys(operation['responses'] as Node);

  it('has six operations, with the names, the bodies and the permissions of the kind', async () => {
    const said = operations(await documentOf(ROUTES)).map(([route, operation]) => {
      const body = nodeAt(operation, ['requestBody', 'content', 'application/json', 'schema', '$ref']);
      const permission = nodeAt(operation, ['security', '0', 'bearer', '0']);
      return [route, operation['operationId'], operation['summary'], permission, body];
    });
    const schema = (name: string): string => `#/components/schemas/${name}`;
    expect(said).toEqual([
      ['post /lions', 'createLion', 'Create a lion', 'lions:write', schema('LionBody')],
      ['get /lions', 'listLions', 'List lions', 'lions:read', undefined],
      ['get /lions/{id}', 'getLion', 'Get a lion', 'lions:read', undefined],
      ['put /lions/{id}', 'updateLion', 'Change a lion', 'lions:write', schema('LionBody')],
      ['patch /lions/{id}', 'patchLion', 'Change a lion by merge patch', 'lions:write', schema('LionPatch')],
      ['delete /lions/{id}', 'deleteLion', 'Send a lion away', 'lions:write', undefined],
    ]);
  });

  it('names the parameters of the list of this kind', async () => {
    const parameters = nodeAt(await documentOf(ROUTES), ['paths', '/lions', 'get', 'parameters']) as Node[];
    const names = parameters.filter((one) => one['in'] === 'query').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['limit', 'cursor', 'sort', 'tenant_id', 'mane']));
  });

  it('says of each route what it has of its own, and how else it may be refused', async () => {
    const own = { note: 'Mind the teeth.', refuses: ['unavailable', 'limit'] as const };
    const { create, list, update, patch, delete: removal } = ROUTES;
    const plain = operations(await documentOf(ROUTES));
    const noted = operations(
      await documentOf({
        ...ROUTES,
        ...{
          create: { ...create, ...own },
          list: { ...list, ...own },
          get: own,
          update: { ...update, ...own },
        },
        ...{ patch: { ...patch, ...own }, delete: { ...removal, ...own } },
      }),
    );
    expect(plain.map(([, { description }]) => description)).toEqual([
      ...[undefined, undefined, undefined, 'What is absent stays as it is, null clears.'],
      ...[undefined, undefined],
    ]);
    for (const [index, [, operation]] of noted.entries()) {
      expect(operation['description']).toBe('Mind the teeth.');
      const before = statusesOf(plain[index]![1]);
      expect(statusesOf(operation)).toEqual([...new Set([...before, '429', '503'])].toSorted());
    }
  });
});
