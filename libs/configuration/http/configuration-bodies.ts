import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { CheckedBody } from '#platform/http';
import type { NewConfiguration, ReviseConfiguration } from '../application/configuration-writes.js';
import type { ConfigurationRevision } from '../domain/configuration.js';
import { contentViolations } from '../domain/configuration-content.js';
import type { ConfigurationContent, ConfigurationState } from '../domain/configuration-state.js';
import {
  configurationId,
  configurationName,
  environmentName,
  schemaId,
  serviceId,
} from '../domain/identity.js';
import type { JsonObject } from '../domain/json.js';
import { mergePatch } from '../domain/merge.js';
import {
  CreateConfigurationBody,
  PatchConfigurationBody,
  ReviseConfigurationBody,
} from './configuration.dto.js';
import { readSecretRefs } from './secret-refs.js';

type AnyBody = CreateConfigurationBody | ReviseConfigurationBody;

/** What a body asks for. */
export interface AskedRevision {
  readonly asked: ReviseConfiguration;
  readonly reason: string | null;
}

const NOTHING: ConfigurationContent = {
  values: {},
  schemaId: null,
  secretRefs: [],
  finalKeys: [],
  isActive: true,
  effectiveFrom: null,
  effectiveUntil: null,
  description: null,
};

const VALUES_REQUIRED: Violation = { pointer: '/values', code: 'required', detail: 'It is required.' };

/**
 * From bodies to what the service takes. What is wrong with fields and what they mean together is told at once, although
 * different parts find it.
 */
@Injectable()
export class ConfigurationBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewConfiguration> {
    const checked = await checkBody(CreateConfigurationBody, sent);
    const { body, raw } = checked;
    const { revision, violations } = read(checked);
    const content = { ...NOTHING, ...revision };
    expectRight(content, [
      ...violations,
      ...(raw['values'] === undefined ? [VALUES_REQUIRED] : []),
      ...untold(violations, () => configurationId(body.id ?? uuidv7())),
      ...untold(violations, () => this.#tenantOf(body)),
    ]);
    return {
      id: configurationId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      scope: {
        tenant: this.#tenantOf(body),
        service: serviceId(body.service_id),
        name: configurationName(body.name),
        environment: environmentName(body.environment),
      },
      content,
      reason: body.change_reason ?? null,
    };
  }

  /** PUT: values are merged, unless it says otherwise. */
  async toRevision(sent: unknown): Promise<AskedRevision> {
    const checked = await checkBody(ReviseConfigurationBody, sent);
    return revising(checked, checked.body.merge === false ? 'replace' : 'merge');
  }

  /** A merge patch. */
  async toPatch(sent: unknown): Promise<AskedRevision> {
    return revising(await checkBody(PatchConfigurationBody, sent), 'merge');
  }

  /** @throws InvalidInput, TenantForbidden */
  #tenantOf({ tenant_id: named }: CreateConfigurationBody): string | null {
    return writeTenant(this.context.current.caller, named);
  }
}

/** A body that cannot be read is told once the configuration is there, so that nothing is learnt of those of others. */
function revising(checked: CheckedBody<ReviseConfigurationBody>, how: 'merge' | 'replace'): AskedRevision {
  const { revision, violations } = read(checked);
  const asked: ReviseConfiguration = (current): ConfigurationRevision => {
    const { values } = revision;
    const next =
      values === undefined || how === 'replace'
        ? revision
        : { ...revision, values: mergePatch(current.values, values) };
    const told = new Set(violations.map(({ pointer }) => pointer));
    const fixed = scopeViolations(checked.body, current).filter(({ pointer }) => !told.has(pointer));
    expectRight({ ...current, ...next }, [...violations, ...fixed]);
    return next;
  };
  return { asked, reason: reasonOf(checked) };
}

/** What a body says of the content, as far as it can be read, and everything that is wrong with its form. */
function read({ raw, body, violations }: CheckedBody<AnyBody>): {
  readonly revision: ConfigurationRevision;
  readonly violations: readonly Violation[];
} {
  const reading = new Reading();
  const wrong = new Set(violations.map(({ pointer }) => pointer.split('/')[1]));
  const says = (name: string): boolean => raw[name] !== undefined && !wrong.has(name);
  const instant = (name: 'effective_from' | 'effective_until'): Date | null => {
    const text = body[name] ?? null;
    return text === null ? null : new Date(reading.instant(text, `/${name}`));
  };
  const schema = typeof body.schema_id === 'string' ? body.schema_id : null;
  const more = untold(violations, () => schema !== null && schemaId(schema, '/schema_id'));
  const revision: ConfigurationRevision = {
    ...(says('values') && { values: valuesOf(raw['values'], reading) }),
    ...(says('schema_id') &&
      more.length === 0 && { schemaId: schema === null ? null : schemaId(schema, '/schema_id') }),
    ...(says('secret_refs') && { secretRefs: readSecretRefs(raw['secret_refs'] ?? [], reading) }),
    ...(says('final_keys') && { finalKeys: body.final_keys ?? [] }),
    ...(says('is_active') && { isActive: body.is_active === true }),
    ...(says('effective_from') && { effectiveFrom: instant('effective_from') }),
    ...(says('effective_until') && { effectiveUntil: instant('effective_until') }),
    ...(says('description') && { description: body.description ?? null }),
  };
  return { revision, violations: [...violations, ...more, ...reading.violations] };
}

/** What making something says is wrong, at places of which nothing is told yet. */
function untold(told: readonly Violation[], make: () => unknown): Violation[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.filter(({ pointer }) => !told.some((other) => other.pointer === pointer));
  }
}

function valuesOf(sent: unknown, reading: Reading): JsonObject {
  if (isMembers(sent)) return sent as JsonObject;
  reading.note('type', '/values', 'It must be an object.');
  return {};
}

/** What is fixed for life may only be said again. */
function scopeViolations(body: ReviseConfigurationBody, current: ConfigurationState): Violation[] {
  const fixed = [
    ['tenant_id', current.tenant],
    ['service_id', current.service],
    ['name', current.name],
    ['environment', current.environment],
  ] as const;
  return fixed
    .filter(([name, value]) => body[name] !== undefined && body[name] !== value)
    .map(([name]) => ({
      pointer: `/${name}`,
      code: 'fixed',
      detail: 'It stays as it is for life: make another configuration instead.',
    }));
}

/** @throws InvalidInput with what is wrong with the form, and with the content beside it */
function expectRight(content: ConfigurationContent, violations: readonly Violation[]): void {
  const told = new Set(violations.map(({ pointer }) => pointer));
  const others = contentViolations(content).filter(
    ({ pointer }) => !ancestorsOf(pointer).some((outer) => told.has(outer)),
  );
  expectNone([...violations, ...others]);
}
