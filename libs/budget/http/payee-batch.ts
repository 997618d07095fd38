import { Injectable } from '@nestjs/common';
import { Batches, performOperation } from '#platform/http';
import type { BatchResponse } from '#platform/http';
import { PayeeMerger } from '../application/payee-merger.js';
import { PayeeService } from '../application/payee.service.js';
import { payeeId } from '../domain/identity.js';
import { PayeeBodies } from './payee-bodies.js';
import { PayeeOperation } from './payee.dto.js';
import type { PayeeBatchBody } from './payee.dto.js';

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
    const parts = { noun: 'the payee', bodies: this.bodies, idOf: payeeId, ofDelete: ['merge_into'] };
    return this.batches.run(batch, PayeeOperation, (operation) =>
      performOperation(operation, { ...parts, service: this.#serviceOf(operation) }),
    );
  }

  /** To delete a payee may be to merge it. */
  #serviceOf({ merge_into: into }: PayeeOperation): Pick<PayeeService, 'create' | 'revise' | 'delete'> {
    const { service, merger } = this;
    if (into === undefined) return service;
    return {
      create: (request) => service.create(request),
      revise: (target, revise, reason) => service.revise(target, revise, reason),
      delete: async (target, reason) => {
        await merger.merge(target, { id: payeeId(into), pointer: '/merge_into' }, reason);
      },
    };
  }
}
