import { Injectable } from '@nestjs/common';
import { InvalidInput, together } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { Batches, expectUse } from '#platform/http';
import type { BatchResponse, Done } from '#platform/http';
import { MetadataService } from '../application/metadata.service.js';
import type { EntryAt } from '../application/metadata.service.js';
import { YamlSyntax } from '../domain/content.js';
import { DEFAULT_NAMESPACE, entryId, entryKey, namespace } from '../domain/identity.js';
import { EntryOperation } from './entry.dto.js';
import type { EntryBatchBody } from './entry.dto.js';
import { toNewEntry, toRevision } from './entry.wire.js';

/** How an operation finds its entry when it does not by id. */
const BY_NAME = ['tenant_id', 'namespace', 'key'] as const;
const DELETES_WITH: ReadonlySet<string> = new Set(['op', 'id', 'if_version', 'change_reason', ...BY_NAME]);

/** Several entries in one request. */
@Injectable()
export class EntryBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: MetadataService,
    private readonly yaml: YamlSyntax,
    private readonly context: CallContext,
  ) {}

  run(batch: EntryBatchBody): Promise<BatchResponse> {
    return this.batches.run(batch, EntryOperation, (operation) => this.#perform(operation));
  }

  async #perform(operation: EntryOperation): Promise<Done> {
    const { op, if_version, ...body } = operation;
    expectUse(operation, (name) => isTaken(name, operation));
    if (op === 'create') return this.#create(body);
    const ifVersion = if_version ?? null;
    const target = await this.#target(body, ifVersion);
    const reason = body.change_reason ?? null;
    if (op === 'delete') {
      await this.service.delete(target, reason);
      return { status: 204, id: target.id };
    }
    // The name of an operation with an id is a new name; without one it is how the entry is found.
    const { key: _, namespace: __, ...rest } = body;
    const wanted = body.id === undefined ? rest : body;
    const state = await this.service.revise(
      target,
      ({ definition }) => toRevision(wanted, this.yaml, definition.content),
      reason,
    );
    return { status: 200, id: state.id, version: state.version };
  }

  async #create(body: Omit<EntryOperation, 'op' | 'if_version'>): Promise<Done> {
    if (body.key === undefined) throw InvalidInput.at('/key', 'required', 'It is required.');
    const { key, value } = body;
    const { caller } = this.context.current;
    const { tenant, entry } = together({
      tenant: () => writeTenant(caller, body.tenant_id),
      entry: () => toNewEntry({ ...body, key, value }, null, this.yaml),
    });
    const { state, outcome } = await this.service.create({ ...entry, tenant });
    return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
  }

  /** @throws InvalidInput, EntryNotFound */
  async #target(body: Omit<EntryOperation, 'op' | 'if_version'>, ifVersion: number | null): Promise<EntryAt> {
    if (body.id !== undefined) return { id: entryId(body.id), ifVersion };
    if (body.key === undefined)
      throw InvalidInput.at('/id', 'required', 'Name the entry by id, or by key and namespace.');
    const tenant = writeTenant(this.context.current.caller, body.tenant_id);
    const space = body.namespace === undefined ? DEFAULT_NAMESPACE : namespace(body.namespace);
    return { id: await this.service.idOf(tenant, { namespace: space, key: entryKey(body.key) }), ifVersion };
  }
}

/** An id is a whole address: the tenant of an entry is fixed, and key and namespace beside an id are a new name. */
function isTaken(name: string, { op, id }: EntryOperation): boolean {
  if (op === 'create') return name !== 'if_version';
  if (id !== undefined && name === 'tenant_id') return false;
  if (op === 'update') return true;
  return DELETES_WITH.has(name) && (id === undefined || !BY_NAME.some((part) => part === name));
}
