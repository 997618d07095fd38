import type { ConvertedRequest } from './convert.js';
import { convert, requestKey } from './convert.js';
import type { Document, Operation } from './openapi.js';
import { isStream, operationsOf, successesOf } from './openapi.js';
import type { Refusal } from './refusals.js';
import { refusalsOf } from './refusals.js';
import type { Surroundings } from './request.js';
import { requestOf } from './request.js';
import { BEFORE_EVERY_REQUEST, FOR_EVERY_ANSWER, ONLY_WITH_RECEIVER, testsOf } from './script.js';
import type { Call, Group } from './sequence.js';
import { callsOf, groupsOf, removalsOf } from './sequence.js';
import type { Steps } from './step.js';
import type { Thing } from './things.js';
import { thingsOf } from './things.js';

/** What the document alone does not tell, see scenario.ts. */
export interface Scenario {
  readonly steps: Steps;
  /** Tags that come first, in this order; then all others, as in the document. */
  readonly tagsFirst: readonly string[];
  /** What has to be made before other things of its tag, by the operation that makes it. */
  readonly thingsFirst: readonly string[];
  /** Of parameters and of properties that are required, by name, wherever nothing else says one. */
  readonly values: Readonly<Record<string, string>>;
  /** The same, of parameters in paths alone. */
  readonly pathValues: Readonly<Record<string, string>>;
  /** Operations that no run calls, with the reason. */
  readonly notCalled: Readonly<Record<string, string>>;
}

/** The folder of what no run calls. */
export const BY_HAND = 'By hand';
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const CREATED = 201;
const NO_CONTENT = 204;
const STREAM = 'It is a stream: a run would wait for its end.';

/** Operations that no run calls: those of the scenario, and all that answer with a stream. */
export function notCalled(operations: readonly Operation[], scenario: Scenario): ReadonlyMap<string, string> {
  const streams = operations.filter(isStream).map(({ id }) => [id, STREAM] as const);
  return new Map([...streams, ...Object.entries(scenario.notCalled)]);
}

/**
 * The collection (Postman 2.1) of a document: the same text for the same document.
 * @throws Error when the scenario names an operation that is not there, or a path cannot be filled in.
 */
export async function collectionOf(document: Document, scenario: Scenario): Promise<object> {
  const operations = operationsOf(document);
  expectKnown(operations, scenario);
  const things = inOrder(thingsOf(operations), scenario);
  const left = notCalled(operations, scenario);
  const calls = operations.flatMap((each) => callsOf(each, scenario.steps, things));
  const writer = new Writer(await convert(document), {
    ...{
      things,
      schemas: document.components.schemas,
      values: scenario.values,
      pathValues: scenario.pathValues,
    },
  });
  const run = calls.filter(({ operation }) => !left.has(operation.id));
  const byHand = calls.filter(({ operation }) => left.has(operation.id));
  const refusals = refusalsOf(things, operations).filter(({ call }) => !left.has(call.operation.id));
  return {
    info: { name: document.info.title, description: document.info.description, schema: SCHEMA },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
    event: [script('prerequest', BEFORE_EVERY_REQUEST), script('test', FOR_EVERY_ANSWER)],
    variable: VARIABLES,
    item: [
      ...tagsOf(document, operations, scenario).map((tag) => writer.tag(tag, run)),
      { name: 'Refusals', item: refusals.map((each) => writer.refusal(each)) },
      { name: 'Clean up', item: removalsOf(run, things).map((call) => writer.call(call)) },
      { name: BY_HAND, item: byHand.map((call) => writer.untested(call, left.get(call.operation.id) ?? '')) },
    ],
  };
}

const VARIABLES = [
  { key: 'baseUrl', value: 'http://127.0.0.1:8002', type: 'string' },
  // Empty: the anonymous administrator of development.
  { key: 'apiKey', value: '', type: 'secret' },
  // Where webhooks lead: nowhere, unless somebody says of a receiver that the service can reach.
  { key: 'receiverUrl', value: 'https://receiver.invalid/', type: 'string' },
  // Empty: each run takes names of its own.
  { key: 'run', value: '', type: 'string' },
];

const script = (listen: string, exec: readonly string[]): object => ({
  listen,
  script: { type: 'text/javascript', exec },
});

function expectKnown(
  operations: readonly Operation[],
  { steps, notCalled: left, thingsFirst }: Scenario,
): void {
  const ids = new Set(operations.map(({ id }) => id));
  const unknown = [...Object.keys(steps), ...Object.keys(left), ...thingsFirst].filter((id) => !ids.has(id));
  if (unknown.length > 0) throw new Error(`The document has no operation ${unknown.join(', ')}.`);
}

/** Those that operations have and nothing describes, too. */
function tagsOf(
  { tags }: Document,
  operations: readonly Operation[],
  { tagsFirst }: Scenario,
): readonly Document['tags'][number][] {
  const used = [...new Set(operations.map(({ tag }) => tag))];
  const others = used.filter((tag) => !tags.some(({ name }) => name === tag)).map((name) => ({ name }));
  const rank = ({ name }: { name: string }): number => [...tagsFirst, name].indexOf(name);
  return [...tags, ...others].sort((a, b) => rank(a) - rank(b));
}

function inOrder(things: readonly Thing[], { thingsFirst }: Scenario): Thing[] {
  const rank = ({ creation }: Thing): number => [...thingsFirst, creation.id].indexOf(creation.id);
  return [...things].sort((a, b) => rank(a) - rank(b));
}

/** Writes calls as items. */
export class Writer {
  constructor(
    private readonly converted: ReadonlyMap<string, ConvertedRequest>,
    readonly around: Surroundings,
  ) {}

  tag({ name, description = '' }: Document['tags'][number], calls: readonly Call[]): object {
    const own = calls.filter(({ operation }) => operation.tag === name);
    return {
      name,
      description,
      item: groupsOf(own, this.around.things).flatMap((group) => this.group(group)),
    };
  }

  call(call: Call): object {
    const status = statusOf(call);
    return this.item(call, [
      script('test', testsOf(call, status, this.around.schemas)),
      ...(call.step.needsReceiver ? [script('prerequest', ONLY_WITH_RECEIVER)] : []),
    ]);
  }

  untested(call: Call, reason: string): object {
    return { ...this.item(call, []), description: reason };
  }

  refusal({ call, tests }: Refusal): object {
    return this.item(call, [script('test', tests)]);
  }

  private item(call: Call, event: readonly object[]): object {
    const converted = this.converted.get(requestKey(call.operation));
    if (!converted) throw new Error(`${call.operation.id} was not converted.`);
    const name = call.step.name ?? call.operation.summary;
    return { name, event, request: requestOf(call, converted, this.around), response: [] };
  }

  private group({ thing, calls }: Group): object[] {
    const items = calls.map((call) => this.call(call));
    return thing ? [{ name: titleOf(thing), item: items }] : items;
  }
}

/** `Device types` of `/api/v1/device-types`. */
function titleOf({ path }: Thing): string {
  const words = path.slice(path.lastIndexOf('/') + 1).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The status with which a call succeeds.
 * @throws Error when the document does not name it
 */
export function statusOf({ operation, step }: Call): number {
  const successes = successesOf(operation);
  const makes = operation.method === 'POST' && successes.includes(CREATED);
  const removes = operation.method === 'DELETE' && successes.includes(NO_CONTENT);
  const status = step.status ?? (makes ? CREATED : removes ? NO_CONTENT : successes[0]);
  if (status === undefined || !successes.includes(status))
    throw new Error(`${operation.id}: the document does not name the status ${status}.`);
  return status;
}
