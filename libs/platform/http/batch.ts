import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput, UnitOfWork } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { AppSettings } from '#platform/config';
import { CallContext } from '#platform/context';
import { Choice, List, ListOf, Nested, Uuid, Whole } from './fields.js';
import { PreconditionRequired } from './if-match.js';
import { ProblemResponse } from './problem.response.js';
import { refusalOf } from './problem.js';
import type { Problem } from './problem.js';
import { validationPipe } from './validation.js';

const OPERATIONS_MAX = 500;
const BATCH_MODES = ['atomic', 'partial'] as const;
/** All or nothing, or each by itself. */
export type BatchMode = (typeof BATCH_MODES)[number];

/**
 * The operations of a batch. Each is checked by itself when its turn comes, so that a mistake in one is told at its place
 * and stops the others only where the mode says so.
 */
export function Operations(type: () => OperationClass): PropertyDecorator {
  return List(type, { maxItems: OPERATIONS_MAX, description: `At most ${OPERATIONS_MAX}.` });
}

/** The body of a batch, for a named class to extend: `class TeamBatchBody extends batchBody(() => TeamOperation) {}`. */
export function batchBody(operation: () => OperationClass): new () => {
  readonly mode: BatchMode;
  readonly operations: unknown[];
} {
  class BatchBody {
    @Choice(BATCH_MODES, { optional: true, default: 'atomic' })
    readonly mode: BatchMode = 'atomic';

    @Operations(operation)
    readonly operations!: unknown[];
  }
  return BatchBody;
}

/** Some operations of an atomic batch are impossible, so that none was done. */
export class BatchRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'batch_refused';
  override readonly facts;

  constructor(violations: readonly Violation[]) {
    super('Nothing was written: some operations are impossible.');
    this.facts = { errors: violations };
  }
}

/** What became of one operation. */
export class BatchResult {
  @Whole({ min: 0, description: 'Its place in the request, from 0.' })
  readonly index!: number;

  @Whole({ min: 200, max: 599, description: 'The status that it would have had alone.' })
  readonly status!: number;

  @Uuid({ optional: true })
  readonly id?: string;

  @Whole({ optional: true, min: 1, description: 'The version that it made.' })
  readonly version?: number;

  @Nested(() => ProblemResponse, { optional: true })
  readonly problem?: Problem;
}

/** What became of all of them, in the order of the request. */
export class BatchResponse {
  @Choice(BATCH_MODES)
  readonly mode!: string;

  @ListOf(() => BatchResult)
  readonly results!: readonly BatchResult[];
}

/** The outcome of an operation that was done. */
export interface Done {
  readonly status: 200 | 201 | 204;
  readonly id: string;
  readonly version?: number;
}

/** What a batch is asked to do. */
export interface Batch {
  readonly mode: BatchMode;
  readonly operations: readonly unknown[];
}

type OperationClass = new () => object;

/** What every operation says. */
interface AnyOperation {
  readonly op: string;
  /** What If-Match is to a request of its own. */
  readonly if_version?: number;
}

/** Runs many operations in one request: atomic in one transaction, partial each in its own. */
@Injectable()
export class Batches {
  readonly #pipe = validationPipe();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly context: CallContext,
    private readonly settings: AppSettings,
  ) {}

  /** @throws BatchRefused in atomic mode, with the mistakes of all operations; then nothing was written. */
  async run<Operation extends AnyOperation>(
    { mode, operations }: Batch,
    type: new () => Operation,
    act: (operation: Operation, index: number) => Promise<Done>,
  ): Promise<BatchResponse> {
    const perform = async (operation: unknown, index: number): Promise<Done> => {
      if (typeof operation !== 'object' || operation === null || Array.isArray(operation))
        throw InvalidInput.at('', 'type', 'An operation is an object.');
      const checked = (await this.#pipe.transform(operation, { type: 'body', metatype: type })) as Operation;
      this.#requireVersion(checked);
      return act(checked, index);
    };
    const attempts = async (): Promise<BatchResult[]> => {
      const results: BatchResult[] = [];
      for (const [index, operation] of operations.entries())
        results.push(await this.#attempt(index, operation, perform));
      return results;
    };
    if (mode === 'partial') return { mode, results: await attempts() };
    return this.unitOfWork.runInTurn(async () => {
      const results = await attempts();
      const mistakes = results.flatMap(violationsOf);
      if (mistakes.length > 0) throw new BatchRefused(mistakes);
      return { mode, results };
    });
  }

  /** @throws PreconditionRequired */
  #requireVersion({ op, if_version: version }: AnyOperation): void {
    if (!this.settings.requireIfMatch || op === 'create' || version !== undefined) return;
    throw new PreconditionRequired('Say in if_version which version you last saw.');
  }

  async #attempt(
    index: number,
    operation: unknown,
    perform: (operation: unknown, index: number) => Promise<Done>,
  ): Promise<BatchResult> {
    try {
      return { index, ...(await this.unitOfWork.attempt(() => perform(operation, index))) };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const { problem } = refusalOf(error, this.context.current.requestId);
      return { index, status: problem.status, problem: { ...problem, ...placed(problem.errors, index) } };
    }
  }
}

/** The mistakes of an operation, at their place in the whole request. */
function placed(errors: readonly Violation[] | undefined, index: number): { errors?: Violation[] } {
  if (!errors) return {};
  return {
    errors: errors.map((violation) => ({
      ...violation,
      pointer: `/operations/${index}${violation.pointer}`,
    })),
  };
}

function violationsOf({ index, problem }: BatchResult): Violation[] {
  if (!problem) return [];
  return [
    ...(problem.errors ?? [
      { pointer: `/operations/${index}`, code: problem.code, detail: problem.detail ?? '' },
    ]),
  ];
}
