const CONTEXTS = 'metadata|feature-flags|configuration|catalog|devices|supervisor-requests|budget|webhooks';

/** Tests and what serves only tests: they may put layers together as a module does. */
const TRIALS = '(?:\\.(?:spec|e2e)\\.ts$|/testing/|^test/|^bench/|^demo/|^postman/)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'The domain knows its own rules and the shared kernel: no framework, no I/O, not even a module of Node.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/domain/', pathNot: TRIALS },
      to: { pathNot: ['^libs/$1/domain/', '^libs/(?:shared-kernel|flag-evaluator)/index\\.ts$'] },
    },
    {
      name: 'application-points-inward',
      comment:
        'A use case works on its domain, its own ports and the doors of other contexts; how we run is not its concern.',
      severity: 'error',
      from: { path: `^libs/(${CONTEXTS})/application/`, pathNot: TRIALS },
      to: {
        pathNot: [
          '^libs/$1/(?:domain|application)/',
          `^libs/(?:${CONTEXTS}|shared-kernel|flag-evaluator)/index\\.ts$`,
          'node_modules/@nestjs/common/',
        ],
      },
    },
    {
      name: 'http-knows-no-storage',
      comment: 'A controller asks the application: it never sees a table or a driver.',
      severity: 'error',
      from: { path: `^libs/(${CONTEXTS})/http/`, pathNot: TRIALS },
      to: { path: ['^libs/$1/infrastructure/', 'node_modules/(?:@nestjs/typeorm|typeorm|pg)/'] },
    },
    {
      name: 'storage-knows-no-http',
      comment: 'Wire names stay in the http folder; only the module of a context puts both sides together.',
      severity: 'error',
      from: { path: `^libs/(${CONTEXTS})/infrastructure/`, pathNot: TRIALS },
      to: { path: '^libs/$1/http/' },
    },
    {
      name: 'layers-know-no-door',
      comment:
        'Inside a context files import each other by name: through its own door or module everything would depend on everything.',
      severity: 'error',
      from: { path: `^libs/(${CONTEXTS})/[^/]+/` },
      to: { path: '^libs/$1/(?:index|[^/]+\\.module)\\.ts$' },
    },
    {
      name: 'a-context-has-one-door',
      comment: 'An index.ts inside a context would be a second door; the one at its top is enough.',
      severity: 'error',
      from: {},
      to: { path: `^libs/(?:${CONTEXTS})/.+/index\\.ts$` },
    },
    {
      name: 'contexts-meet-at-the-front-door',
      comment: 'A context sees of another one only its index.ts, in its tests too.',
      severity: 'error',
      from: { path: `^libs/(${CONTEXTS})/` },
      to: { path: `^libs/(?:${CONTEXTS})/`, pathNot: ['^libs/$1/', `^libs/(?:${CONTEXTS})/index\\.ts$`] },
    },
    {
      name: 'apps-use-the-front-door',
      comment: 'The composition root and the migrations see of a library its doors only.',
      severity: 'error',
      from: { path: '^(?:apps|migrations)/', pathNot: TRIALS },
      to: { path: '^libs/', pathNot: '^libs/(?:platform/)?[^/]+/index\\.ts$' },
    },
    {
      name: 'platform-knows-no-context',
      comment: 'How we run is the same for every context.',
      severity: 'error',
      from: { path: '^libs/(?:platform|shared-kernel|flag-evaluator)/' },
      to: { path: `^libs/(?:${CONTEXTS})/` },
    },
    {
      name: 'platform-folders-meet-at-their-doors',
      comment: 'A folder of the platform is used through its index.ts alone, so that its inside can change.',
      severity: 'error',
      from: { path: '^libs/(?:platform/)?([^/]+)/' },
      to: {
        path: '^libs/platform/[^/]+/',
        pathNot: ['^libs/platform/$1/', '^libs/platform/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'kernel-and-evaluator-depend-on-nothing',
      comment:
        'Both are plain language: the evaluator runs in a browser, too. Regular expressions of linear time are all it takes.',
      severity: 'error',
      from: { path: '^libs/(shared-kernel|flag-evaluator)/', pathNot: TRIALS },
      to: { pathNot: ['^libs/$1/', 'node_modules/re2js/'] },
    },
    {
      name: 'libraries-know-no-app',
      comment: 'Apps are put together from libraries, never the other way round.',
      severity: 'error',
      from: { path: '^(?:libs|migrations)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-stand-alone',
      comment: 'What two apps need is a library.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'What cannot be found cannot be judged by the other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency-in-production',
      comment: 'npm ci --omit=dev must leave everything that the process loads.',
      severity: 'error',
      from: { path: '^(?:apps|libs|migrations)/', pathNot: TRIALS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-knows-no-test',
      comment: 'Specs, builders and in-memory repositories are not built.',
      severity: 'error',
      from: { path: '^(?:apps|libs|migrations)/', pathNot: TRIALS },
      to: { path: TRIALS },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
