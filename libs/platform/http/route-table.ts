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
}

/** Which paths there are, and what they take: tells "no such path" from "not with this method". */
export class RouteTable {
  readonly #paths = new Map<string, KnownPath>();

  add(route: RouteOptions): void {
    const known = this.#paths.get(route.url) ?? { parts: partsOf(route.url), methods: new Set() };
    for (const method of [route.method].flat()) known.methods.add(method);
    this.#paths.set(route.url, known);
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
