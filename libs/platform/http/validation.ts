import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata, ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInput, pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { FROM_QUERY } from './fields.js';
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

const inheritedNames = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
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
  const nested = (error.children ?? []).flatMap((child) => violationsOf(child, pointer));
  return [...firstCause(own).flatMap(placed), ...nested];
}

/** A violation, and where it is in a list that was checked as one. */
interface Found extends Violation {
  readonly items: readonly number[] | null;
}

/** One missing or mistyped value breaks every check; the first that explains it is enough. */
function firstCause(found: Found[]): Found[] {
  const basic = found.find(({ code }) => code === 'required' || code === 'type');
  return basic ? [basic] : found;
}

const placed = ({ items, ...violation }: Found): Violation[] =>
  items?.map((index) => ({ ...violation, pointer: `${violation.pointer}/${index}` })) ?? [violation];

/** The items that are no text, where a check for that looked at each. */
function wrongItems({ contexts, value }: ValidationError, check: string): number[] | null {
  const { each = false } = (contexts?.[check] ?? {}) as { each?: boolean };
  if (!each || !Array.isArray(value)) return null;
  return value.flatMap((item, index) => (typeof item === 'string' ? [] : [index]));
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
