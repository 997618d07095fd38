/** Paths and texts of a small source tree. */
export type Tree = Readonly<Record<string, string>>;

/** A tree that breaks one rule once, and where the rule must find that. */
export interface Planted {
  readonly rule: string;
  readonly tree: Tree;
  readonly from: string;
  readonly to: string;
}

const EMPTY = 'export const nothing = null;\n';
const SERVICE = 'libs/devices/application/device.service.ts';
const DOMAIN = 'libs/devices/domain/device.ts';
const CONTROLLER = 'libs/devices/http/devices.controller.ts';
const TABLE = 'libs/devices/infrastructure/device.table.ts';

/** One installed package without contents. */
const installed = (name: string): Tree => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'module.exports = {};\n',
});

const planted = (rule: string, [from, text]: [string, string], [to, others]: [string, Tree]): Planted => ({
  rule,
  tree: { [from]: text, ...others },
  from,
  to,
});

const own = (path: string): [string, Tree] => [path, { [path]: EMPTY }];
const foreign = (name: string): [string, Tree] => [`node_modules/${name}/index.js`, installed(name)];

export const PLANTED: readonly Planted[] = [
  planted('domain-is-pure', [DOMAIN, `import 'typeorm';`], foreign('typeorm')),
  planted('domain-is-pure', [DOMAIN, `import 'node:crypto';`], ['crypto', {}]),
  planted(
    'domain-is-pure',
    [DOMAIN, `import type { Call } from '#platform/context';`],
    own('libs/platform/context/index.ts'),
  ),
  planted('domain-is-pure', [DOMAIN, `import '../application/device.service.js';`], own(SERVICE)),
  planted(
    'application-points-inward',
    [SERVICE, `import '#platform/database';`],
    own('libs/platform/database/index.ts'),
  ),
  planted('application-points-inward', [SERVICE, `import '../infrastructure/device.table.js';`], own(TABLE)),
  planted('application-points-inward', [SERVICE, `import 'fastify';`], foreign('fastify')),
  planted('http-knows-no-storage', [CONTROLLER, `import '../infrastructure/device.table.js';`], own(TABLE)),
  planted('http-knows-no-storage', [CONTROLLER, `import 'typeorm';`], foreign('typeorm')),
  planted('http-knows-no-storage', [CONTROLLER, `import '@nestjs/typeorm';`], foreign('@nestjs/typeorm')),
  planted('http-knows-no-storage', [CONTROLLER, `import 'pg';`], foreign('pg')),
  planted(
    'storage-knows-no-http',
    [TABLE, `import '../http/device.dto.js';`],
    own('libs/devices/http/device.dto.ts'),
  ),
  planted('layers-know-no-door', [TABLE, `import '../index.js';`], own('libs/devices/index.ts')),
  planted(
    'layers-know-no-door',
    [TABLE, `import '../devices.module.js';`],
    own('libs/devices/devices.module.ts'),
  ),
  planted(
    'a-context-has-one-door',
    [SERVICE, `import '../domain/index.js';`],
    own('libs/devices/domain/index.ts'),
  ),
  planted(
    'contexts-meet-at-the-front-door',
    [TABLE, `import '../../catalog/infrastructure/item.table.js';`],
    own('libs/catalog/infrastructure/item.table.ts'),
  ),
  planted(
    'contexts-meet-at-the-front-door',
    ['libs/devices/domain/device.spec.ts', `import '../../catalog/testing/items.js';`],
    own('libs/catalog/testing/items.ts'),
  ),
  planted(
    'apps-use-the-front-door',
    ['apps/api/main.ts', `import '../../${TABLE.replace('.ts', '.js')}';`],
    own(TABLE),
  ),
  planted(
    'platform-knows-no-context',
    ['libs/platform/jobs/jobs.ts', `import '#metadata';`],
    own('libs/metadata/index.ts'),
  ),
  planted(
    'platform-folders-meet-at-their-doors',
    ['libs/platform/jobs/jobs.ts', `import '../database/cursor.js';`],
    own('libs/platform/database/cursor.ts'),
  ),
  planted(
    'platform-folders-meet-at-their-doors',
    [TABLE, `import '../../platform/database/cursor.js';`],
    own('libs/platform/database/cursor.ts'),
  ),
  planted(
    'kernel-and-evaluator-depend-on-nothing',
    ['libs/shared-kernel/page.ts', `import '@nestjs/common';`],
    foreign('@nestjs/common'),
  ),
  planted(
    'kernel-and-evaluator-depend-on-nothing',
    ['libs/flag-evaluator/hash.ts', `import 'node:crypto';`],
    ['crypto', {}],
  ),
  planted(
    'libraries-know-no-app',
    ['libs/platform/jobs/jobs.ts', `import '../../../apps/api/start.js';`],
    own('apps/api/start.ts'),
  ),
  planted('apps-stand-alone', ['apps/cli/main.ts', `import '../api/start.js';`], own('apps/api/start.ts')),
  planted(
    'no-cycles',
    ['libs/platform/jobs/due.ts', `import './jobs.js';`],
    ['libs/platform/jobs/jobs.ts', { 'libs/platform/jobs/jobs.ts': `import './due.js';` }],
  ),
  planted('no-unresolved', ['libs/platform/jobs/jobs.ts', `import './nowhere.js';`], ['./nowhere.js', {}]),
  planted(
    'no-dev-dependency-in-production',
    ['libs/platform/jobs/jobs.ts', `import 'fast-check';`],
    foreign('fast-check'),
  ),
  planted(
    'no-dev-dependency-in-production',
    ['libs/platform/jobs/jobs.ts', `import 'left-out';`],
    foreign('left-out'),
  ),
  planted(
    'production-knows-no-test',
    ['libs/devices/devices.module.ts', `import './testing/in-memory-device.repository.js';`],
    own('libs/devices/testing/in-memory-device.repository.ts'),
  ),
];

/** A context as it should be: the rules must let it pass. */
export const WELL_BUILT: Tree = {
  ...installed('@nestjs/common'),
  ...installed('typeorm'),
  'libs/shared-kernel/index.ts': EMPTY,
  'libs/platform/database/index.ts': EMPTY,
  'libs/catalog/index.ts': EMPTY,
  [DOMAIN]: `import '#shared-kernel';`,
  'libs/devices/domain/device.spec.ts': `import 'node:assert';\nimport './device.js';`,
  [SERVICE]: `import '@nestjs/common';\nimport '#shared-kernel';\nimport '../domain/device.js';\nimport '../../catalog/index.js';`,
  [CONTROLLER]: `import '@nestjs/common';\nimport '../application/device.service.js';`,
  [TABLE]: `import 'typeorm';\nimport '#platform/database';\nimport '../domain/device.js';`,
  'libs/devices/testing/in-memory-device.repository.ts': `import '../domain/device.js';`,
  'libs/devices/devices.module.ts': `import './http/devices.controller.js';\nimport './infrastructure/device.table.js';`,
  'libs/devices/index.ts': `import './devices.module.js';`,
  'apps/api/main.ts': `import '../../libs/devices/index.js';\nimport '#platform/database';`,
};
