import type { Operation } from './openapi.js';
import type { Call } from './sequence.js';
import { statusTest } from './script.js';
import type { Step } from './step.js';
import type { Thing } from './things.js';
import { isMember } from './things.js';

/** A call that has to be refused, and the tests of how. */
export interface Refusal {
  readonly call: Call;
  readonly tests: readonly string[];
}

const NOBODYS_ID = '00000000-0000-7000-8000-000000000000';
const FUTURE_VERSION = '"999999"';
const MAIN = 'id';

/** Of each thing: one with a property that there is not, one that nobody has, one of a version that never was. */
export function refusalsOf(things: readonly Thing[], operations: readonly Operation[]): Refusal[] {
  return things
    .filter(({ path }) => !path.includes('{'))
    .flatMap((thing) => [
      ...unknownProperty(thing),
      ...operations.filter((each) => isMember(each.path, thing)).flatMap((each) => ofMember(each, thing)),
    ]);
}

function unknownProperty(thing: Thing): Refusal[] {
  const { creation } = thing;
  if (!creation.body?.['application/json']) return [];
  const step = {
    name: `${creation.summary}: a property that there is not`,
    whole: { no_such_property: true },
  };
  const tests = [
    `pm.test('names each mistake by its place', () => {`,
    `  const pointers = pm.response.json().errors.map(({ pointer }) => pointer);`,
    `  pm.expect(pointers).to.include('/no_such_property');`,
    `});`,
  ];
  return [refusal({ operation: creation, step, thing }, 400, tests)];
}

function ofMember(operation: Operation, thing: Thing): Refusal[] {
  if (!operation.path.endsWith(`/{${MAIN}}`)) return [];
  if (operation.method === 'GET') {
    const step = { name: `${operation.summary}: one that nobody has`, path: { [MAIN]: NOBODYS_ID } };
    return [refusal({ operation, step, thing }, 404, [])];
  }
  return operation.method !== 'DELETE' && operation.responses['412'] ? [stale(operation, thing)] : [];
}

function stale(operation: Operation, thing: Thing): Refusal {
  const step: Step = {
    name: `${operation.summary}: of a version that never was`,
    headers: { 'If-Match': FUTURE_VERSION },
  };
  const tests = [
    `pm.test('tells the version that there is', () => {`,
    `  pm.expect(pm.response.json().current_version).to.be.a('number');`,
    `  pm.response.to.have.header('ETag');`,
    `});`,
  ];
  return refusal({ operation, step, thing }, 412, tests);
}

function refusal(call: Call, status: number, tests: readonly string[]): Refusal {
  if (!call.operation.responses[String(status)])
    throw new Error(`${call.operation.id} does not name ${status}.`);
  return {
    call,
    tests: [statusTest(status), `if (pm.response.code === ${status}) {`, ...tests, `}`],
  };
}
