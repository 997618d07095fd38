import { refusalOf } from '#platform/http';
import { DomainError } from '#shared-kernel';
import type { ErrorFacts, ErrorKind } from '#shared-kernel';

/** A refusal as somebody tells it. */
export class ToldRefusal extends DomainError {
  constructor(
    override readonly kind: ErrorKind,
    override readonly code: string,
    detail = '',
    override readonly facts: ErrorFacts = {},
  ) {
    super(detail);
  }
}

/** A code that a source text declares. */
export interface DeclaredRefusal {
  readonly code: string;
  /** Undefined where the text does not tell. */
  readonly status: number | undefined;
  /** Of a DomainError. */
  readonly kind?: ErrorKind;
  /** The name that Fastify or Node has for it. */
  readonly frameworkCode?: string;
}

const CLASS = /^(?:export )?(?:abstract )?class \w+(?:<[^{]*>)?(?: extends (\w+))?/gm;
const CODE = /\bcode(?:: \w+)? = '([a-z_]+)'/g;
const KIND = /\bkind(?:: \w+)? = '([a-z-]+)'/;
const FRAMEWORK = /^ +([A-Z_]{4,}): \{\s*status: (\d{3}),\s*code: '([a-z_]+)'/gm;
const GIVEN = /\bproblem\((\d{3}), '([a-z_]+)'/g;

/** Every code of a problem that this text declares: in a class, in a table of the framework's codes, or in a call. */
export function refusalsIn(text: string): DeclaredRefusal[] {
  const framework = [...text.matchAll(FRAMEWORK)].map(([, frameworkCode = '', status, code = '']) => ({
    code,
    status: Number(status),
    frameworkCode,
  }));
  const given = [...text.matchAll(GIVEN)].map(([, status, code = '']) => ({ code, status: Number(status) }));
  return [...classesOf(text).flatMap(refusalsOfClass), ...framework, ...given];
}

interface Class {
  readonly parent: string | undefined;
  readonly body: string;
}

function classesOf(text: string): Class[] {
  const heads = [...text.matchAll(CLASS)];
  return heads.map((head, index) => ({
    parent: head[1],
    body: text.slice(head.index, heads[index + 1]?.index),
  }));
}

/** A refusal whose code is not written in its class has none that could be looked up: it is told as `?`. */
function refusalsOfClass({ parent, body }: Class): DeclaredRefusal[] {
  const isRefusal = parent === 'DomainError' || parent === 'InvalidInput';
  const kind = (KIND.exec(body)?.[1] ?? (parent === 'InvalidInput' ? 'invalid' : undefined)) as
    ErrorKind | undefined;
  const found = codes(body, CODE);
  return (isRefusal && found.length === 0 ? ['?'] : found).map((code) => ({
    code,
    status: kind && refusalOf(new ToldRefusal(kind, code), undefined).problem.status,
    ...(kind && { kind }),
  }));
}

const AT = /\bInvalidInput\.at\(\s*(?:'[^']*'|`[^`]*`|\w+),\s*'([a-z_0-9]+)'/g;
const NOTED = /\b(?:this|reading)\.#?(?:report|note)\(\s*'([a-z_]+)'/g;
const REPORTED = /\breport\(\s*(?:'[^']*'|`[^`]*`|[^\s,'`]+),\s*'([a-z_]+)'/g;
const IN_LIST = /\bpointer(?:: (?:'[^']*'|`[^`]*`))?,\s*code: '([a-z_0-9]+)'/g;
const TABLE = /^const (?:SCHEMA_)?CODES: [^{]*\{([^}]*)\}/gm;
const IN_TABLE = /: '([a-z_]+)'/g;
const OTHERWISE = /(?:\?\? |\? )'([a-z_]+)'(?= :|,|\)|;)/g;

/** How often this text refuses at one place with a code that cannot be read from it. */
export const unreadCodesIn = (text: string): number =>
  text.split('InvalidInput.at(').length - 1 - codes(text, AT).length;

/** Every code of a violation that this text gives. */
export function violationCodesIn(text: string): string[] {
  const tables = [...text.matchAll(TABLE)].map(([, body = '']) => body);
  const around = tables.length > 0 ? [...text.matchAll(/^.*CODES\[.*$/gm)] : [];
  return [
    ...codes(text, AT),
    ...codes(text, NOTED),
    ...codes(text, REPORTED),
    ...codes(text, IN_LIST),
    ...tables.flatMap((table) => codes(table, IN_TABLE)),
    ...around.flatMap(([line]) => codes(line, OTHERWISE)),
  ];
}

const codes = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, code = '']) => code);
