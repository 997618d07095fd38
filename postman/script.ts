import type { Operation, Schemas } from './openapi.js';
import { resolve } from './openapi.js';
import { responseSchema } from './response-schema.js';
import type { Call } from './sequence.js';
import type { Thing } from './things.js';
import { answerOf, ownerOf, thingName } from './things.js';

/** What of a new resource later requests may name. */
const IDENTIFYING = [
  'id',
  'name',
  'key',
  'slug',
  'alias',
  'service_id',
  'environment',
  'mac_address',
  'store_id',
];
const JSON_TYPE = /^application\/(?:[a-z.-]+\+)?json$/;
const NO_CONTENT = 204;
const CREATED = 201;
/** Twenty seconds together, and more where the answers take long. */
const ASKED_MAX = 100;
const ASK_EVERY_MS = 200;

/** Runs behind every request: what holds for every answer. */
export const FOR_EVERY_ANSWER = [
  `pm.test('is no fault of the service', () => pm.expect(pm.response.code).to.be.below(500));`,
  `pm.test('tells its request id', () => pm.response.to.have.header('X-Request-Id'));`,
  `// OpenFeature's protocol has errors of its own.`,
  `if (pm.response.code >= 400 && !pm.request.url.getPath().startsWith('/ofrep/')) {`,
  `  pm.test('refuses with a problem', () => {`,
  `    pm.expect(pm.response.headers.get('Content-Type')).to.match(/^application\\/problem\\+json/);`,
  `    const problem = pm.response.json();`,
  `    pm.expect(problem).to.include.keys('type', 'title', 'status', 'code', 'request_id');`,
  `    pm.expect(problem.status).to.equal(pm.response.code);`,
  `    pm.expect(problem.type).to.equal('urn:metastore:problem:' + problem.code);`,
  `  });`,
  `}`,
];

/** Runs before every request: names of a run are its own, so that it can be repeated. */
export const BEFORE_EVERY_REQUEST = [
  `if (!pm.collectionVariables.get('run')) {`,
  `  const now = Date.now();`,
  `  pm.collectionVariables.set('run', now.toString(36));`,
  `  pm.collectionVariables.set('macBytes', now.toString(16).slice(-10).replace(/(..)(?=.)/g, '$1:'));`,
  `}`,
  `// A version that is not known is not expected.`,
  `const expected = pm.request.headers.get('If-Match');`,
  `if (expected !== undefined && !pm.variables.replaceIn(expected).startsWith('"')) pm.request.headers.remove('If-Match');`,
];

/** Runs before a request that makes sense only when somebody was told: there never is a host of the name that stands for nobody. */
export const ONLY_WITH_RECEIVER = [
  `if (pm.variables.get('receiverUrl').includes('.invalid')) pm.execution.skipRequest();`,
];

/** The tests of one request, and what it keeps for later ones: of an answer that is not the one expected, nothing. */
export function testsOf(call: Call, status: number, schemas: Schemas): string[] {
  const { operation, step } = call;
  const headers = Object.keys(operation.responses[String(status)]?.headers ?? {});
  const lines = [
    ...headers.map(headerTest),
    ...contentTests(operation, status, schemas),
    ...(step.until === undefined ? [] : waitingTests(step.until)),
    ...identifying(call, status),
    ...version(call, status),
    ...chosen(call),
  ];
  if (lines.length === 0) return [statusTest(status)];
  return [
    statusTest(status),
    `if (pm.response.code === ${status}) {`,
    ...lines.map((line) => `  ${line}`),
    `}`,
  ];
}

/** Asks again while there is hope. */
function waitingTests(condition: string): string[] {
  return [
    `const body = pm.response.json();`,
    `const asked = Number(pm.collectionVariables.get('asked') || 0) + 1;`,
    `if (!(${condition}) && asked < ${ASKED_MAX}) {`,
    `  pm.collectionVariables.set('asked', asked);`,
    `  pm.execution.setNextRequest(pm.info.requestId);`,
    `  setTimeout(() => undefined, ${ASK_EVERY_MS});`,
    `  return;`,
    `}`,
    `pm.collectionVariables.unset('asked');`,
    `pm.test('comes to what is waited for', () => pm.expect(${condition}).to.equal(true));`,
  ];
}

/** The answer that came instead tells why. */
export const statusTest = (status: number): string =>
  `pm.test('answers ${status}', () => pm.expect(pm.response.code, pm.response.text().slice(0, 500)).to.equal(${status}));`;

const headerTest = (header: string): string =>
  header === 'Location'
    ? `pm.test('has Location', () => pm.expect(pm.response.headers.get('Location')).to.match(/^\\/api\\/v1\\//));`
    : `pm.test('has ${header}', () => pm.response.to.have.header('${header}'));`;

function contentTests({ responses }: Operation, status: number, schemas: Schemas): string[] {
  const content = responses[String(status)]?.content;
  if (status === NO_CONTENT)
    return [`pm.test('has no body', () => pm.expect(pm.response.text()).to.equal(''));`];
  if (!content) return [];
  const types = Object.keys(content).filter((type) => type !== '*/*');
  const tests = types.length > 0 ? [typeTest(types)] : [];
  const [type = '', { schema } = {}] = Object.entries(content)[0] ?? [];
  if (!JSON_TYPE.test(type) || !schema) return tests;
  const form = JSON.stringify(responseSchema(schema, schemas));
  const isJson = `/json/.test(pm.response.headers.get('Content-Type') || '')`;
  const check = `pm.test('has the form that the document gives it', () => pm.response.to.have.jsonSchema(schema));`;
  return [...tests, `const schema = ${form};`, types.length > 1 ? `if (${isJson}) ${check}` : check];
}

function typeTest(types: readonly string[]): string {
  const list = JSON.stringify(types);
  return `pm.test('is of a documented type', () => pm.expect((pm.response.headers.get('Content-Type') || '').split(';')[0]).to.be.oneOf(${list}));`;
}

function identifying({ operation, step, thing }: Call, status: number): string[] {
  if (status !== CREATED || operation.method !== 'POST') return [];
  const prefix = step.as ?? (thing?.creation === operation ? thing.name : thingName(operation));
  return [
    `const made = pm.response.json();`,
    `for (const member of ${JSON.stringify(IDENTIFYING)}) {`,
    `  const name = member.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase());`,
    `  if (typeof made[member] === 'string') pm.collectionVariables.set('${prefix}' + name, made[member]);`,
    `}`,
  ];
}

function chosen({ step }: Call): string[] {
  return Object.entries(step.keep ?? {}).map(
    ([name, path]) => `pm.collectionVariables.set('${name}', pm.response.json().${path});`,
  );
}

/** What shows the resource tells its version; after a change that does not show it, the version is not known. */
function version({ operation, step, thing }: Call, status: number): string[] {
  if (!thing) return [];
  const variable = `${step.as ?? thing.name}ETag`;
  const shows = answerOf(operation, status) === answerOf(thing.creation, CREATED);
  if (shows && operation.responses[String(status)]?.headers?.['ETag'])
    return [`pm.collectionVariables.set('${variable}', pm.response.headers.get('ETag'));`];
  return operation.method === 'GET' ? [] : [`pm.collectionVariables.unset('${variable}');`];
}

/** The variable of a parameter of the path, where what was made gives it its value. */
export function variableOf(
  { operation, thing }: Call,
  parameter: string,
  { things, schemas }: { readonly things: readonly Thing[]; readonly schemas: Schemas },
): string | undefined {
  const owner = ownerOf(things, operation, parameter);
  if (owner && (parameter === 'id' || parameter.endsWith('_id'))) return `{{${owner.name}Id}}`;
  if (!thing || !IDENTIFYING.includes(parameter) || !shows(thing.creation, parameter, schemas))
    return undefined;
  const member = parameter.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  return `{{${thing.name}${member}}}`;
}

/** What is made has a property of this name. */
function shows({ responses }: Operation, property: string, schemas: Schemas): boolean {
  const schema = responses[CREATED]?.content?.['application/json']?.schema ?? {};
  return property in (resolve(schema, schemas).properties ?? {});
}
