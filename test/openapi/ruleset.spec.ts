import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../..');
const SPECTRAL = join(PROJECT, 'node_modules/@stoplight/spectral-cli/dist/index.js');

type Node = Record<string, unknown>;

const GOOD_OPERATION: Node = {
  operationId: 'readThing',
  summary: 'Reads a thing.',
  tags: ['things'],
  security: [{ bearer: ['things:read'] }],
  responses: {
    200: {
      description: 'Done.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
    },
    404: { description: 'Refused.' },
  },
};

const GOOD_THING: Node = {
  type: 'object',
  properties: { size: { type: ['number', 'null'], examples: [1, null] } },
};

function document(operations: Readonly<Record<string, Node>>, schemas: Node): Node {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Things',
      version: '1.0.0',
      description: 'All about things.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      contact: { name: 'Things' },
    },
    servers: [{ url: '/' }],
    tags: [{ name: 'things', description: 'Things.' }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, operation]) => [path, { get: operation }]),
    ),
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas },
  };
}

/** What the ruleset finds, as `<rule> <place>`. */
function findings(subject: Node): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ruleset-'));
  const [file, report] = [join(folder, 'openapi.json'), join(folder, 'report.json')];
  try {
    writeFileSync(file, JSON.stringify(subject));
    const args = ['lint', file, '--ruleset', join(PROJECT, '.spectral.yaml'), '--format', 'json', '--quiet'];
    const { stdout } = spawnSync(process.execPath, [SPECTRAL, ...args, '--output', report], {
      encoding: 'utf8',
      cwd: PROJECT,
    });
    if (stdout !== '') throw new Error(stdout);
    const results = JSON.parse(readFileSync(report, 'utf8')) as { code: string; path: (string | number)[] }[];
    return results.map(({ code, path }) => `${code} ${path.join('.')}`).sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('accepts a document that says everything', () => {
  expect(findings(document({ '/things': GOOD_OPERATION }, { Thing: GOOD_THING }))).toEqual([]);
});

it('refuses each thing that generated clients and readers miss', () => {
  const { summary: _summary, tags: _tags, ...bare } = GOOD_OPERATION;
  const { 404: _refusal, ...unrefused } = GOOD_OPERATION['responses'] as Node;
  const operations = {
    '/bare': { ...bare, operationId: 'readBare' },
    '/snake': { ...GOOD_OPERATION, operationId: 'read_snake' },
    '/twin': { ...GOOD_OPERATION, operationId: 'readBare' },
    '/undeclared': { ...GOOD_OPERATION, operationId: 'readUndeclared', tags: ['others'] },
    '/unpermitted': { ...GOOD_OPERATION, operationId: 'readUnpermitted', security: [{ bearer: [] }] },
    '/unrefused': { ...GOOD_OPERATION, operationId: 'readUnrefused', responses: unrefused },
  };
  const thing = { type: 'object', properties: { size: { type: 'number', examples: [1, 'large'] } } };
  expect(findings(document(operations, { Thing: thing, Lonely: { type: 'string' } }))).toEqual([
    'examples-fit components.schemas.Thing.properties.size.examples.1',
    'oas3-unused-component components.schemas.Lonely',
    'operation-operationId-camel-case paths./snake.get.operationId',
    'operation-operationId-unique paths./twin.get.operationId',
    'operation-permission paths./unpermitted.get.security.0.bearer',
    'operation-refusal paths./unrefused.get.responses',
    'operation-summary paths./bare.get',
    'operation-tag-defined paths./undeclared.get.tags.0',
    'operation-tags paths./bare.get',
  ]);
});
