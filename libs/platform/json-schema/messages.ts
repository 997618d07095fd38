import type { Violation } from '#shared-kernel';
import type { Dialect } from './keywords.js';
import type { PlacedPattern } from './schema-lint.js';

/** One schema of those that belong together. */
export interface SchemaText {
  /** Names it among them. */
  readonly key: string;
  readonly dialect: Dialect;
  readonly text: string;
  /** What it calls others, as `<name>:<version>`, and their keys. */
  readonly others: Readonly<Record<string, string>>;
}

/** A schema with everything that it refers to; itself first. */
export type SchemaBundle = readonly [SchemaText, ...SchemaText[]];

/** Whether documents have places in which secrets will stand. */
export type Secrets = 'none' | 'some';

/** A document that is to be held against a schema. */
export interface DocumentText {
  readonly text: string;
  /** JSON Pointers at which any text is right. */
  readonly secretsAt: readonly string[];
}

/** One thing that a document breaks. */
export interface DocumentViolation {
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** The keyword of JSON Schema. */
  readonly keyword: string;
  readonly detail: string;
}

/** A linted schema that wants to be admitted. */
export interface Candidate {
  readonly bundle: SchemaBundle;
  readonly patterns: readonly PlacedPattern[];
  /** False where it is refused already, and only all reasons are wanted. */
  readonly isSound: boolean;
}

/** What a worker is to do. */
export type Task =
  | ({ readonly kind: 'admit' } & Candidate)
  | { readonly kind: 'check'; readonly bundle: SchemaBundle; readonly documents: readonly DocumentText[] };

/** What came of it. */
export type Outcome =
  | { readonly kind: 'admitted'; readonly violations: readonly Violation[] }
  /** The first so many documents; whoever asked sends the rest again. */
  | { readonly kind: 'checked'; readonly results: readonly (readonly DocumentViolation[])[] }
  | { readonly kind: 'too-expensive' };

/** A task as a worker gets it, with the port at which it says that it has begun. */
export interface Job {
  readonly task: Task;
  readonly begun: import('node:worker_threads').MessagePort;
}
