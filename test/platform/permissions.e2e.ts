import { randomUUID } from 'node:crypto';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { ROLES } from '#platform/auth';
import { CallContext } from '#platform/context';
import { createAdapter, prepareServer } from '#platform/http';
import { permissionsOf } from '../../libs/platform/auth/permissions.js';
import { TestApi } from '../api.js';
import { aTenant } from '../metadata/entries.js';
import { call, isQuestion, operationsOf } from './openapi-walk.js';
import type { Operation } from './openapi-walk.js';
import { Planted } from './planted.js';

/** What anybody may see. */
const PUBLIC = ['getHealth', 'getLiveness', 'getMetrics', 'getReadiness'];

let api: TestApi;
let closed: TestApi;
let owner: pg.Pool;
let operations: Operation[];

beforeAll(async () => {
  api = await TestApi.start();
  closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
  owner = new pg.Pool({ connectionString: api.database.url });
  operations = operationsOf((await api.get('/api/v1/openapi.json')).body);
});

afterAll(async () => {
  await owner.end();
  await closed.stop();
  await api.stop();
});

const isPublic = ({ id }: Operation): boolean => PUBLIC.includes(id);

describe('in production', () => {
  it('every operation but the public ones wants a credential', async () => {
    expect(
      operations
        .filter(({ allow }) => allow === undefined)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(PUBLIC);
    for (const operation of operations) {
      const { status, body, headers } = await call(closed, operation, { id: randomUUID() });
      if (isPublic(operation)) expect([operation.id, status]).toEqual([operation.id, 200]);
      else {
        expect([operation.id, status, body.code]).toEqual([operation.id, 401, 'credential_missing']);
        expect(headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  it.each(ROLES)(
    '%s does what the document says that it may, and is refused everything else',
    async (role) => {
      const may: ReadonlySet<string> = permissionsOf(role);
      for (const tenant of [null, aTenant()]) {
        const key = await api.key(role, tenant);
        for (const operation of operations.filter((each) => !isPublic(each))) {
          const { status, body } = await call(closed, operation, { id: randomUUID() }, key);
          const isRefused = status === 403 && body.code === 'permission_denied';
          expect([operation.id, isRefused]).toEqual([operation.id, !may.has(operation.allow ?? '')]);
        }
      }
    },
  );

  it('what needs no more than to look changes nothing, by whatever method it comes', async () => {
    const looking: ReadonlySet<string> = permissionsOf('viewer');
    const looks = operations.filter(({ method, allow = '' }) => method !== 'GET' && looking.has(allow));
    expect(looks.filter((each) => !isQuestion(each)).map(({ id }) => id)).toEqual([]);
    const questions = operations.filter(isQuestion);
    expect(questions.length).toBeGreaterThan(1);
    const planted = await Planted.on(api, 'asked about', { tenant_id: null });
    const revision = async (): Promise<unknown> =>
      (await owner.query('select max(revision) as last, count(*) as changes from platform.change_log')).rows;
    const before = await revision();
    for (const operation of questions) {
      const { status } = await call(api, operation, { ...planted.factsFor(operation), version: 1 });
      expect([operation.id, status < 500]).toEqual([operation.id, true]);
    }
    expect(await revision()).toEqual(before);
  });
});

@Controller('planted')
class PlantedController {
  @Get()
  read(): string {
    return 'seen';
  }
}

@Module({ controllers: [PlantedController] })
class PlantedModule {}

it('a route that does not declare its permission does not start', async () => {
  const adapter = createAdapter();
  const app = await NestFactory.create(PlantedModule, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  prepareServer(adapter.getInstance(), {
    context: new CallContext(),
    requireIfMatch: false,
    publicPaths: [],
    admit: () => undefined,
    answered: () => undefined,
    knownCaller: () => null,
    isForBrowsers: false,
  });
  await expect(app.init()).rejects.toThrow('GET /planted does not declare its permission.');
});
