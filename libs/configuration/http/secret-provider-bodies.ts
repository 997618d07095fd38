import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { CheckedBody } from '#platform/http';
import type { NewProvider, ReviseProvider } from '../application/secret-provider.service.js';
import { SecretSurroundings } from '../application/secret-surroundings.js';
import { providerId } from '../domain/identity.js';
import type { JsonObject } from '../domain/json.js';
import { mergePatch } from '../domain/merge.js';
import { definitionProblems, providerAlias } from '../domain/secret-provider.js';
import type { ProviderDefinition, ProviderState } from '../domain/secret-provider.js';
import { EVERY_PATH } from '../domain/secret-provider-path.js';
import { PROVIDER_KINDS } from '../domain/secret-provider-settings.js';
import type { ProviderKind } from '../domain/secret-provider-settings.js';
import { CreateSecretProviderBody, ReviseSecretProviderBody } from './secret-provider.dto.js';
import { SettingsReader, toSettings } from './secret-provider-settings.js';

/** What a body asks for. */
export interface AskedProviderRevision {
  readonly asked: ReviseProvider;
  readonly reason: string | null;
}

/** From bodies of secret providers to what the service takes; everything that is wrong is told together. */
@Injectable()
export class SecretProviderBodies {
  constructor(
    private readonly context: CallContext,
    private readonly surroundings: SecretSurroundings,
  ) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewProvider> {
    const { raw, body, violations } = await checkBody(CreateSecretProviderBody, sent);
    const reading = new Reading();
    const kind = PROVIDER_KINDS.find((known) => known === body.kind);
    const access = kind && new SettingsReader(reading, null).read(kind, raw['settings']);
    const pathPrefixes = body.path_prefixes ?? (kind === 'env' ? [EVERY_PATH] : []);
    const { is_default: isDefault = false, description = null } = body;
    const definition = access && { ...access, pathPrefixes, isDefault, description };
    this.#expectRight(definition, [...violations, ...reading.violations]);
    if (!definition) throw new Error('A kind that is none was let through.');
    return {
      identity: {
        id: providerId(body.id ?? uuidv7()),
        tenant: writeTenant(this.context.current.caller, body.tenant_id),
        alias: providerAlias(body.alias),
      },
      idIsGiven: body.id !== undefined,
      definition,
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the provider is there. PUT replaces settings whole, PATCH merges them. */
  async toRevision(sent: unknown, how: 'replace' | 'merge'): Promise<AskedProviderRevision> {
    const checked = await checkBody(ReviseSecretProviderBody, sent);
    const asked: ReviseProvider = (current) => {
      const reading = new Reading();
      const revision = revisionIn(checked, { current, how, reading });
      const violations = [...checked.violations, ...fixedViolations(checked.body, current)];
      this.#expectRight({ ...current, ...revision }, [...violations, ...reading.violations]);
      return revision;
    };
    return { asked, reason: reasonOf(checked) };
  }

  /** What the parts mean is told where nothing is wrong with their form. @throws InvalidInput */
  #expectRight(definition: ProviderDefinition | undefined, violations: readonly Violation[]): void {
    const told = new Set(violations.map(({ pointer }) => pointer));
    const problems = definition ? definitionProblems(definition, this.surroundings).map(onTheWire) : [];
    const untold = problems.filter(({ pointer }) => !ancestorsOf(pointer).some((outer) => told.has(outer)));
    expectNone([...violations, ...untold]);
  }
}

const onTheWire = ({ pointer, ...problem }: Violation): Violation => ({
  ...problem,
  pointer: pointer.replace('/jwtPath', '/jwt_path'),
});

interface Revising {
  readonly current: ProviderState;
  readonly how: 'replace' | 'merge';
  readonly reading: Reading;
}

function revisionIn(
  { raw, body }: CheckedBody<ReviseSecretProviderBody>,
  { current, how, reading }: Revising,
): Partial<ProviderDefinition> {
  const { kind } = current.settings;
  const sent = how === 'merge' ? merged(kind, current, raw['settings']) : raw['settings'];
  return {
    ...(raw['settings'] !== undefined && new SettingsReader(reading, current).read(kind, sent)),
    ...(Array.isArray(body.path_prefixes) && { pathPrefixes: body.path_prefixes }),
    ...(typeof body.is_default === 'boolean' && { isDefault: body.is_default }),
    ...(body.description !== undefined && { description: body.description }),
  };
}

/** RFC 7396; but another way to sign in has nothing of the one before. */
function merged(kind: ProviderKind, { settings }: ProviderState, patch: unknown): unknown {
  if (!isMembers(patch)) return patch;
  const stored = toSettings(settings) as JsonObject;
  const { auth } = patch;
  const before = 'auth' in settings ? settings.auth.method : kind;
  const isOther = isMembers(auth) && auth['method'] !== undefined && auth['method'] !== before;
  return mergePatch(isOther ? { ...stored, auth: {} } : stored, patch as JsonObject);
}

function fixedViolations(
  { alias, kind }: ReviseSecretProviderBody,
  { alias: is, settings }: ProviderState,
): Violation[] {
  const detail = 'It stays what it was at creation.';
  return [
    ...(alias !== undefined && alias !== is ? [{ pointer: '/alias', code: 'fixed', detail }] : []),
    ...(kind !== undefined && kind !== settings.kind ? [{ pointer: '/kind', code: 'fixed', detail }] : []),
  ];
}
