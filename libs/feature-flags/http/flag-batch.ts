import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { Batches, present } from '#platform/http';
import type { BatchResponse, Done } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import type { FlagAt } from '../application/flag-changes.js';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import { FlagNotFound } from '../domain/errors.js';
import { flagId, flagName } from '../domain/identity.js';
import { FlagBodies } from './flag-bodies.js';
import { FlagOperation } from './flag.dto.js';
import type { FlagBatchBody } from './flag.dto.js';

/** Several flags in one request. */
@Injectable()
export class FlagBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: FeatureFlagService,
    private readonly bodies: FlagBodies,
    private readonly context: CallContext,
  ) {}

  run(batch: FlagBatchBody): Promise<BatchResponse> {
    return this.batches.run(batch, FlagOperation, (operation) => this.#perform(operation));
  }

  async #perform({ op, if_version, ...body }: FlagOperation): Promise<Done> {
    if (op === 'create') return this.#create(body);
    const target = await this.#target(body, if_version ?? null);
    if (op === 'delete') {
      await this.service.delete(target, body.change_reason ?? null);
      return { status: 204, id: target.id };
    }
    // The name of an operation with an id is a new name; without one it is how the flag is found.
    const { id, tenant_id: _, name, ...changes } = body;
    const sent = id === undefined || name === undefined ? changes : { ...changes, name };
    const { asked, places, reason } = await this.bodies.toRevision(present(sent), 'replace');
    const state = await places.tell(() => this.service.revise(target, asked, reason));
    return { status: 200, id: state.id, version: state.version };
  }

  async #create(body: object): Promise<Done> {
    const { asked, places } = await this.bodies.toNewFlag(present(body));
    const { state, outcome } = await places.tell(() => this.service.create(asked));
    return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
  }

  /** @throws InvalidInput, FlagNotFound */
  async #target(body: Omit<FlagOperation, 'op' | 'if_version'>, ifVersion: ExpectedVersion): Promise<FlagAt> {
    if (body.id !== undefined) return { id: flagId(body.id), ifVersion };
    if (body.name === undefined) throw InvalidInput.at('/id', 'required', 'Name the flag by id or by name.');
    const tenant = writeTenant(this.context.current.caller, body.tenant_id);
    const flag = await this.service.findOwn(tenant, flagName(body.name));
    if (!flag) throw new FlagNotFound();
    return { id: flag.id, ifVersion };
  }
}
