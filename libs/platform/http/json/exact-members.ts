import { tokenName } from '#shared-kernel';

/** What is left to match of the patterns of exact members once some steps into a document are taken. */
export interface ExactMembers {
  /** True when the value at this very place is kept as text. */
  readonly here: boolean;
  /** The members of an object through which a pattern goes on. */
  readonly members: readonly { readonly name: string; readonly next: ExactMembers }[];
  /** What holds for each element of an array. */
  readonly elements: ExactMembers | null;
}

const compiled = new WeakMap<readonly string[], ExactMembers>();

/**
 * Turns JSON Pointers (RFC 6901), in which `*` stands for any index of an array, into a tree to walk down
 * while reading. A list is turned once: keep it in a constant.
 */
export function exactMembers(patterns: readonly string[]): ExactMembers {
  let tree = compiled.get(patterns);
  if (tree === undefined) {
    tree = branch(patterns.map(stepsOf));
    compiled.set(patterns, tree);
  }
  return tree;
}

/** The branch below the member whose key is `text` from `start` to `end`. */
export function exactMember(
  from: ExactMembers,
  text: string,
  start: number,
  end: number,
): ExactMembers | null {
  for (const { name, next } of from.members) {
    if (name.length === end - start && text.startsWith(name, start)) return next;
  }
  return null;
}

function stepsOf(pattern: string): readonly string[] {
  if (pattern !== '' && !pattern.startsWith('/')) throw new Error(`Not a JSON Pointer: ${pattern}`);
  return pattern.split('/').slice(1);
}

function branch(patterns: readonly (readonly string[])[]): ExactMembers {
  const heads = new Set(patterns.flatMap((steps) => steps.slice(0, 1)));
  const after = (head: string): ExactMembers =>
    branch(patterns.filter((steps) => steps[0] === head).map((steps) => steps.slice(1)));
  return {
    here: patterns.some((steps) => steps.length === 0),
    members: [...heads]
      .filter((head) => head !== '*')
      .map((head) => ({ name: tokenName(head), next: after(head) })),
    elements: heads.has('*') ? after('*') : null,
  };
}
