import type { RouteOptions } from 'fastify';
import { DomainError } from '#shared-kernel';

/** The path is there, the method is not. */
export class MethodNotAllowed extends DomainError {
  readonly kind = 'method-not-allowed';
  readonly code = 'method_not_allowed';
  override readonly facts;

  constructor(methods: readonly string[]) {
    super(`This path takes ${methods.join(', ')}.`);
    this.facts = { allow: methods.join(', ') };
  }
}

interface KnownPath {
  readonly parts: readonly string[];
  readonly methods: Set<string>;
  /** What a signed URL of it needs; absent where there are none. */
  signable?: string;
}

/** Which paths there are, and what they take: tells "no such path" from "not with this method". */
export class RouteTable {
  readonly #paths = new Map<string, KnownPath>();

  add(route: RouteOptions): void {
    const known = this.#paths.get(route.url) ?? { parts: partsOf(route.url), methods: new Set() };
    for (const method of [route.method].flat()) known.methods.add(method);
    const { signable, allow } = route.config ?? {};
    if (signable === true && allow !== undefined) known.signable = allow;
    this.#paths.set(route.url, known);
  }

  /** The permission that is needed to open this path by a signed URL; null when it is none that can be opened so. */
  signableBy(path: string): string | null {
    const parts = path.slice(1).split('/');
    const known = [...this.#paths.values()]
      .filter((each) => fits(each.parts, parts))
      .sort((one, other) => (patternOf(one) < patternOf(other) ? -1 : 1));
    return known[0]?.signable ?? null;
  }

  /** The methods that this path takes; empty when there is no such path. */
  methodsOf(path: string): string[] {
    const parts = partsOf(path);
    const methods = [...this.#paths.values()]
      .filter((known) => fits(known.parts, parts))
      .flatMap((known) => [...known.methods]);
    return [...new Set(methods)].sort();
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** As the router prefers them: at the first part in which they differ, the one that is spelt out comes before the one that is not. */
const patternOf = ({ parts }: KnownPath): string =>
  parts.map((part) => (part.startsWith(':') ? '1' : part === '*' ? '2' : '0')).join('');

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return (
      parts.length >= pattern.length - 1 && pattern.slice(0, -1).every((part, index) => part === parts[index])
    );
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) => part.startsWith(':') || part === parts[index])
  );
}
