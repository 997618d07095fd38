import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { Batches, BatchRefused, expectUse, present } from '#platform/http';
import type { BatchResponse, Done } from '#platform/http';
import { ConfigurationService } from '../application/configuration.service.js';
import type { ConfigurationWork, WorkOutcome } from '../application/configuration.service.js';
import type { ConfigurationWrites } from '../application/configuration-writes.js';
import { AFFECTED_MAX } from '../application/layer-change.js';
import { EffectiveInvalid, FinalKeyOverridden } from '../domain/effective/errors.js';
import { configurationId } from '../domain/identity.js';
import { ConfigurationBodies } from './configuration-bodies.js';
import { ConfigurationOperation } from './configuration.dto.js';
import type { ConfigurationBatchBody } from './configuration.dto.js';
import type { BatchDryRunResponse } from './dry-run.dto.js';
import { toAffected, toRehearsedChange } from './dry-run.wire.js';

type Run = <T>(work: ConfigurationWork<T>) => Promise<WorkOutcome<T>>;
type Outcome = WorkOutcome<BatchResponse>;

/** Several configurations in one request. */
@Injectable()
export class ConfigurationBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: ConfigurationService,
    private readonly bodies: ConfigurationBodies,
  ) {}

  /** @throws BatchRefused in atomic mode, with the mistakes of all operations; then nothing was written. */
  async run(batch: ConfigurationBatchBody): Promise<BatchResponse> {
    const outcome = batch.mode === 'partial' ? this.#each(batch) : this.#atomic(batch, this.#together);
    return (await outcome).result;
  }

  /** What it would do; nothing of it stays. @throws BatchRefused as `run` */
  async rehearse(batch: ConfigurationBatchBody): Promise<BatchDryRunResponse> {
    const preview: Run = (work) => this.service.preview(work);
    const rehearsed =
      batch.mode === 'partial'
        ? preview(() => this.#each(batch)).then(({ result }) => result)
        : this.#atomic(batch, preview);
    const { result, changes, affected } = await rehearsed;
    return {
      ...result,
      dry_run: true,
      changes: changes.map(toRehearsedChange),
      ...toAffected(affected),
    };
  }

  readonly #together: Run = (work) => this.service.together(work);

  /** One check at the end: two documents that refer to each other can be made together. */
  async #atomic(batch: ConfigurationBatchBody, run: Run): Promise<Outcome> {
    const places = new Map<string | null, number>();
    try {
      return await run((writes) =>
        this.batches.run(batch, ConfigurationOperation, async (operation, index) => {
          const done = await this.#perform(operation, writes);
          places.set(done.id, index);
          return done;
        }),
      );
    } catch (error) {
      if (!(error instanceof FinalKeyOverridden || error instanceof EffectiveInvalid)) throw error;
      const violations = error.breaches.map(({ configurationId: id, pointer, code, detail }) => {
        const index = places.get(id);
        return {
          pointer: index === undefined ? '/operations' : `/operations/${index}${pointer}`,
          code,
          detail,
        };
      });
      throw new BatchRefused(violations);
    }
  }

  async #each(batch: ConfigurationBatchBody): Promise<Outcome> {
    const done: WorkOutcome<Done>[] = [];
    const result = await this.batches.run(batch, ConfigurationOperation, async (operation) => {
      const outcome = await this.service.together((writes) => this.#perform(operation, writes));
      done.push(outcome);
      return outcome.result;
    });
    return {
      result,
      changes: done.flatMap(({ changes }) => changes),
      affected: done.flatMap(({ affected }) => affected).slice(0, AFFECTED_MAX + 1),
    };
  }

  async #perform(operation: ConfigurationOperation, writes: ConfigurationWrites): Promise<Done> {
    const { op, if_version: version, ...members } = operation;
    expectUse(operation, (name) => isTaken(name, operation.op));
    const body = present(members);
    if (op === 'create') {
      const { state, outcome } = await writes.create(await this.bodies.toNew(body));
      return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
    }
    const { id, ...changes } = body;
    if (id === undefined) throw InvalidInput.at('/id', 'required', 'Name the configuration by its id.');
    const target = { id: configurationId(id), ifVersion: version ?? null };
    if (op === 'delete') {
      await writes.delete(target, body.change_reason ?? null);
      return { status: 204, id: target.id };
    }
    const { asked, reason } = await this.bodies.toRevision(changes);
    const revised = await writes.revise(target, asked, reason);
    return { status: 200, id: target.id, version: revised.version };
  }
}

const DELETES_WITH: ReadonlySet<string> = new Set(['op', 'id', 'if_version', 'change_reason']);

function isTaken(name: string, op: string): boolean {
  if (op === 'delete') return DELETES_WITH.has(name);
  return op === 'update' || name !== 'if_version';
}
