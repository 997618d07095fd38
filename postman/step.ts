/** How an operation is called in a run, where it differs from what the document alone leads to. */
export interface Step {
  /** What is made is another one beside the first: what its variables begin with. */
  readonly as?: string;
  /** In place of the summary. */
  readonly name?: string;
  /** The status of success, where it is not 201 for what makes something and the lowest elsewhere. */
  readonly status?: number;
  /** Of the body, where it is not the first in the document. */
  readonly type?: string;
  /** Members over those of the sample. */
  readonly body?: object;
  /** In place of the sample: text, or what is sent as JSON. */
  readonly whole?: unknown;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Variables that are taken from the answer, by the path of each in it. */
  readonly keep?: Readonly<Record<string, string>>;
  /** The request is repeated until this holds of the answer's `body`, for what happens behind the service's answers. */
  readonly until?: string;
  /** Skipped where nobody takes what is sent to `receiverUrl`. */
  readonly needsReceiver?: true;
  /** Its place among the operations of the same folder, see sequence.ts. */
  readonly rank?: number;
}

/** Its own place where it has one; a step may be several calls. */
export type Steps = Readonly<Record<string, Step | readonly Step[]>>;

export const stepsOf = (steps: Steps, operation: string): readonly Step[] => [steps[operation] ?? {}].flat();
