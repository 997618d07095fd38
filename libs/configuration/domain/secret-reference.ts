import { lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { parseDottedPath, pointerStep } from './dotted-path.js';
import type { Steps } from './dotted-path.js';
import { isJsonArray, isJsonObject, memberOf, setMember } from './json.js';
import type { JsonObject, JsonValue } from './json.js';

/** What happens when a secret cannot be fetched: refuse, take the last one that was, or leave the key out. */
export const ON_ERROR = ['fail', 'stale', 'omit'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** Where a secret is kept. It names a registered provider, never a host. */
export interface SecretReference {
  /** Alias of the provider; null is the default one. */
  readonly provider: string | null;
  /** Within the provider: below the mount of KV v2, below the folder, or the name of a variable. 1..1024. */
  readonly path: string;
  /** Which field of the secret; null where the secret is one text by itself. 1..255. */
  readonly field: string | null;
  /** Which version, as the provider calls it; null is the newest. 1..255. */
  readonly version: string | null;
  readonly onError: OnError;
}

/** One of the list beside the values: the property that holds the secret, and where it is kept. */
export interface SecretPlacement extends SecretReference {
  /** Dotted path into the values, for example `credentials.password`; a dot inside of a name is written `\.`. */
  readonly key: string;
}

/** A secret inside of values, and where: a JSON Pointer into them. */
export interface SecretAt {
  readonly pointer: string;
  readonly reference: SecretReference;
}

/** The one member of an object that stands for a secret. */
export const SECRET_REF = '$secret_ref';
const PATH_LENGTH_MAX = 1_024;
const TEXT_LENGTH_MAX = 255;
const PROVIDER = /^[a-z][a-z0-9-]{0,62}$/;
const MEMBERS: readonly string[] = ['provider', 'path', 'field', 'version', 'on_error'];

/** What stands for a secret: one leaf, never looked into when values are merged. */
export const isSecretLeaf = (value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) && Object.hasOwn(value, SECRET_REF);

/**
 * Reads `{"$secret_ref": {provider?, path, field?, version?, on_error?}}`, of which `pointer` is the place. The version
 * may be a whole number, as Vault counts. Where there are violations there is no reference.
 */
export function readSecretReference(
  value: JsonObject,
  pointer: string,
): { readonly reference: SecretReference | null; readonly violations: readonly Violation[] } {
  const inner = memberOf(value, SECRET_REF);
  const at = pointer + pointerStep(SECRET_REF);
  const violations = Object.keys(value)
    .filter((name) => name !== SECRET_REF)
    .map((name) => unknown(pointer + pointerStep(name), `Nothing stands beside ${SECRET_REF}.`));
  if (!isJsonObject(inner)) {
    return { reference: null, violations: [...violations, wrong(at, 'type', 'It is an object.')] };
  }
  violations.push(...memberViolations(inner, at));
  return { reference: violations.length > 0 ? null : referenceOf(inner), violations };
}

/** The object that stands for a secret in values: what `readSecretReference` reads. */
export function writeSecretReference(reference: SecretReference): JsonObject {
  const { provider, path, field, version, onError } = reference;
  return {
    [SECRET_REF]: {
      ...(provider !== null && { provider }),
      path,
      ...(field !== null && { field }),
      ...(version !== null && { version }),
      ...(onError !== 'fail' && { on_error: onError }),
    },
  };
}

/** Every well-formed secret of the values, in their order, those inside of lists as well. */
export function secretsIn(values: JsonValue): SecretAt[] {
  const secrets: SecretAt[] = [];
  visitSecrets(values, '', (leaf, pointer) => {
    const { reference } = readSecretReference(leaf, pointer);
    if (reference) secrets.push({ pointer, reference });
  });
  return secrets;
}

/** What is wrong with the secrets of the values, which stand at `pointer`. */
export function secretViolations(values: JsonValue, pointer: string): Violation[] {
  if (isSecretLeaf(values))
    return [wrong(pointer, 'type', 'A secret stands in a property, not for all of them.')];
  const violations: Violation[] = [];
  visitSecrets(values, pointer, (leaf, at) => {
    violations.push(...readSecretReference(leaf, at).violations);
  });
  return violations;
}

/** Visits what stands for a secret, well-formed or not. */
export function visitSecrets(
  value: JsonValue,
  pointer: string,
  visit: (leaf: JsonObject, pointer: string) => void,
): void {
  if (isSecretLeaf(value)) {
    visit(value, pointer);
  } else if (isJsonArray(value)) {
    value.forEach((item, index) => visitSecrets(item, `${pointer}/${index}`, visit));
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      const member = value[name];
      if (typeof member === 'object' && member !== null) {
        visitSecrets(member, pointer + pointerStep(name), visit);
      }
    }
  }
}

/**
 * The values with these secrets in their places, over whatever stands there. On the way to its place a secret goes
 * through an element that a list has; everything else that is no object gives way to one.
 */
export function placeSecrets(values: JsonObject, secretRefs: readonly SecretPlacement[]): JsonObject {
  return secretRefs.reduce((placed, secret) => {
    const steps = parseDottedPath(secret.key);
    return steps ? placedInObject(placed, steps, writeSecretReference(secret)) : placed;
  }, values);
}

function placedInObject(object: JsonObject, steps: Steps, leaf: JsonObject): JsonObject {
  const [name = '', ...rest] = steps;
  const result = { ...object };
  setMember(result, name, rest.length === 0 ? leaf : placedIn(memberOf(object, name), rest, leaf));
  return result;
}

function placedIn(value: JsonValue | undefined, steps: Steps, leaf: JsonObject): JsonValue {
  const [step = '', ...rest] = steps;
  if (isJsonArray(value) && /^(?:0|[1-9]\d*)$/.test(step) && Number(step) < value.length) {
    const index = Number(step);
    return value.with(index, rest.length === 0 ? leaf : placedIn(value[index], rest, leaf));
  }
  return placedInObject(isJsonObject(value) && !isSecretLeaf(value) ? value : {}, steps, leaf);
}

function memberViolations(inner: JsonObject, pointer: string): Violation[] {
  const at = (name: string): string => pointer + pointerStep(name);
  const { provider = null, path, field, version, on_error: onError = 'fail' } = inner;
  return [
    ...Object.keys(inner)
      .filter((name) => !MEMBERS.includes(name))
      .map((name) =>
        unknown(at(name), `There is no such property; those of a secret are ${MEMBERS.join(', ')}.`),
      ),
    ...(provider === null || (typeof provider === 'string' && PROVIDER.test(provider))
      ? []
      : [
          wrong(
            at('provider'),
            'pattern',
            'It is the alias of a provider: a letter, then a-z 0-9 -, at most 63.',
          ),
        ]),
    ...(path === undefined
      ? [wrong(at('path'), 'required', 'It is required.')]
      : textViolations(path, at('path'), PATH_LENGTH_MAX)),
    ...textViolations(field ?? 'none', at('field'), TEXT_LENGTH_MAX),
    ...textViolations(numbered(version) ?? 'none', at('version'), TEXT_LENGTH_MAX),
    ...(ON_ERROR.some((word) => word === onError)
      ? []
      : [wrong(at('on_error'), 'choice', `It is one of ${ON_ERROR.join(', ')}.`)]),
  ];
}

function textViolations(value: JsonValue, pointer: string, max: number): Violation[] {
  if (typeof value !== 'string') return [wrong(pointer, 'type', 'It is a text.')];
  const isFit = value !== '' && lengthOf(value) <= max;
  return isFit ? [] : [wrong(pointer, 'length', `It has 1 to ${max} characters.`)];
}

const numbered = (version: JsonValue | undefined): JsonValue | undefined =>
  typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? String(version) : version;

/** Of members that were checked. */
function referenceOf(inner: JsonObject): SecretReference {
  const text = (name: string): string | null => {
    const value = numbered(inner[name]);
    return typeof value === 'string' ? value : null;
  };
  return {
    provider: text('provider'),
    path: text('path') ?? '',
    field: text('field'),
    version: text('version'),
    onError: ON_ERROR.find((word) => word === inner['on_error']) ?? 'fail',
  };
}

const wrong = (pointer: string, code: string, detail: string): Violation => ({ pointer, code, detail });
const unknown = (pointer: string, detail: string): Violation => wrong(pointer, 'unknown_property', detail);
