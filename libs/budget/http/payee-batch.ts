import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { Batches } from '#platform/http';
import type { BatchResponse, Done } from '#platform/http';
import { PayeeMerger } from '../application/payee-merger.js';
import { PayeeService } from '../application/payee.service.js';
import type { PayeeAt } from '../application/payee.service.js';
import { payeeId } from '../domain/identity.js';
import { expectUse, present } from './batch-operations.js';
import { PayeeBodies } from './payee-bodies.js';
import { PayeeOperation } from './payee.dto.js';
import type { PayeeBatchBody } from './payee.dto.js';

const ABOUT = ['name', 'email', 'phone', 'labels', 'change_reason'];
const USES = {
  create: ['id', 'tenant_id', ...ABOUT],
  update: ['id', 'if_version', ...ABOUT],
  delete: ['id', 'if_version', 'change_reason', 'merge_into'],
} as const;

/** Several payees in one request. */
@Injectable()
export class PayeeBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: PayeeService,
    private readonly merger: PayeeMerger,
    private readonly bodies: PayeeBodies,
  ) {}

  /** @throws BatchRefused in atomic mode, with the mistakes of all operations; then nothing was written. */
  run(batch: PayeeBatchBody): Promise<BatchResponse> {
    return this.batches.run(batch, PayeeOperation, (operation) => this.#perform(operation));
  }

  async #perform(operation: PayeeOperation): Promise<Done> {
    const { op, if_version: ifVersion = null, merge_into: into, ...members } = operation;
    expectUse(operation, USES[op]);
    const body = present(members);
    if (op === 'create') {
      const { state, outcome } = await this.service.create(await this.bodies.toNew(body));
      return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
    }
    const { id, ...changes } = body;
    if (id === undefined) throw InvalidInput.at('/id', 'required', 'Name the payee by its id.');
    const target = { id: payeeId(id), ifVersion };
    if (op === 'delete') return this.#delete(target, into, body.change_reason ?? null);
    const { asked, reason } = await this.bodies.toRevision(changes, 'replace');
    const { version } = await this.service.revise(target, asked, reason);
    return { status: 200, id: target.id, version };
  }

  async #delete(target: PayeeAt, into: string | undefined, reason: string | null): Promise<Done> {
    if (into === undefined) await this.service.delete(target, reason);
    else await this.merger.merge(target, { id: payeeId(into), pointer: '/merge_into' }, reason);
    return { status: 204, id: target.id };
  }
}
