import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata, ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInput, pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { FROM_QUERY } from './fields.js';
import type { ItemCheck } from './fields.js';
import { sheltered, unsheltered } from './sheltered.js';

/** What class-validator calls a check, in our codes. */
const CODES: Readonly<Record<string, string>> = {
  whitelistValidation: 'unknown_property',
  isDefined: 'required',
  isString: 'type',
  isInt: 'type',
  isNumber: 'type',
  isBoolean: 'type',
  isArray: 'type',
  isObject: 'type',
  nestedValidation: 'type',
  noListInside: 'type',
  isIn: 'choice',
  matches: 'pattern',
  minLength: 'too_short',
  maxLength: 'too_long',
  arrayMaxSize: 'too_many',
  min: 'too_small',
  max: 'too_large',
};

/** Checks what comes in against the DTO's decorators: unknown properties are refused, all mistakes told at once. */
export function validationPipe(): ValidationPipe {
  return new StrictPipe(CHECKS);
}

const CHECKS: ValidationPipeOptions = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { value: true }, // It tells what is absent; by default it is gone where something inside is wrong.
  exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => violationsOf(error, ''))),
};

/**
 * class-transformer leaves out what every object inherits, for example `toString`, so that the check for unknown
 * properties never sees it.
 */
class StrictPipe extends ValidationPipe {
  readonly #query = new ValidationPipe({ ...CHECKS, transformOptions: { groups: [FROM_QUERY] } });

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const inherited = metadata.type === 'custom' ? [] : inheritedNames(value);
    if (inherited.length > 0) {
      throw new InvalidInput(
        inherited.map((name) => ({
          pointer: `/${name}`,
          code: 'unknown_property',
          detail: 'There is no such property.',
        })),
      );
    }
    if (metadata.type === 'query') return this.#query.transform(value, metadata);
    if (metadata.type !== 'body' || !this.toValidate(metadata)) return super.transform(value, metadata);
    const shelter = sheltered(value, metadata.metatype);
    return unsheltered(await super.transform(shelter.body, metadata), shelter);
  }

  /** Keys that reach for a prototype are refused with the JSON; `prototype` is a key like any other, and is not dropped. */
  protected override stripProtoKeys(): void {}
}

/** Bytes have none, and a file has millions of them. */
const inheritedNames = (value: unknown): string[] =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
    ? Object.keys(value).filter((name) => name in Object.prototype)
    : [];

function violationsOf(error: ValidationError, parent: string): Violation[] {
  const pointer = `${parent}/${pointerToken(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([check, message]) => ({
    pointer,
    code: codeOf(error, check),
    detail: check === 'whitelistValidation' ? 'There is no such property.' : sentence(error, message),
    items: wrongItems(error, check),
  }));
  const found = firstCause(own);
  return [
    ...found.flatMap(placed),
    ...readable(error, found).flatMap((child) => violationsOf(child, pointer)),
  ];
}

/** A violation, and where it is in a list that was checked as one. */
interface Found extends Violation {
  readonly items: readonly number[] | null;
}

/** One missing or mistyped value breaks every check; the first that explains it is enough. */
function firstCause(found: Found[]): Found[] {
  const basic = found.find(isOfAnotherKind);
  return basic ? [basic] : found;
}

/** What is inside of something that is of another kind than it should be was read as what it is not. */
function readable({ children = [] }: ValidationError, found: readonly Found[]): readonly ValidationError[] {
  if (found.some(isOfAnotherKind)) return [];
  const wrong = new Set(found.flatMap(({ items }) => items ?? []).map(String));
  return children.filter(({ property }) => !wrong.has(property));
}

const isOfAnotherKind = ({ code, items }: Found): boolean =>
  items === null && (code === 'required' || code === 'type');

const placed = ({ items, ...violation }: Found): Violation[] =>
  items?.map((index) => ({ ...violation, pointer: `${violation.pointer}/${index}` })) ?? [violation];

/** The items that a check did not let pass, where it looked at each. */
function wrongItems({ contexts, value }: ValidationError, check: string): number[] | null {
  const { isRight } = (contexts?.[check] ?? {}) as Partial<ItemCheck>;
  if (!isRight || !Array.isArray(value)) return null;
  return value.flatMap((item, index) => (isRight(item) ? [] : [index]));
}

/** A value that is absent is missing, whatever the check that noticed it. */
function codeOf(error: ValidationError, check: string): string {
  return isAbsent(error) ? 'required' : (CODES[check] ?? 'invalid');
}

function sentence(error: ValidationError, message: string): string {
  if (isAbsent(error)) return 'It is required.';
  const text = message.startsWith('must') ? `It ${message}` : message;
  return text.endsWith('.') ? text : `${text}.`;
}

function isAbsent(error: ValidationError): boolean {
  return error.value === undefined && error.constraints?.['whitelistValidation'] === undefined;
}
