import { createHash } from 'node:crypto';
import type { EffectiveQuestion, EffectiveView } from '../application/effective.queries.js';
import type { Layer } from '../domain/effective/layer.js';
import type { JsonObject } from '../domain/json.js';
import type { EffectiveLayer, EffectiveResponse, LayerScope } from './effective.dto.js';

const TAG_LENGTH = 22;

/** What is added to the plain answer. */
export interface Extras {
  /** With secrets in their places. */
  readonly values?: Readonly<Record<string, JsonObject>>;
  /** What else is to give another tag when it changes. */
  readonly tagged?: unknown;
  readonly explain?: EffectiveResponse['explain'];
}

/** The answer; its tag knows the documents with references where secrets are, and never a secret. */
export function toEffectiveResponse(
  { service, environment, tenant }: EffectiveQuestion,
  { documents, validUntil }: EffectiveView,
  { values = documents.values, tagged, explain }: Extras = {},
): EffectiveResponse {
  const answer = {
    service_id: service,
    environment,
    tenant_id: tenant,
    values,
    version_tag: '',
    valid_until: instantOrNull(validUntil),
    layers: documents.layers.map(toWireLayer),
    ...(explain && { explain }),
  };
  return { ...answer, version_tag: tagOf([{ ...answer, values: documents.values }, tagged ?? null]) };
}

export const toWireLayer = (layer: Layer): EffectiveLayer => ({
  configuration_id: layer.configurationId,
  version: layer.version,
  name: layer.name,
  scope: toLayerScope(layer),
});

export const toLayerScope = (layer: Layer): LayerScope => ({
  tenant_id: layer.tenant,
  environment: layer.environment,
  effective_from: instantOrNull(layer.effectiveFrom),
  effective_until: instantOrNull(layer.effectiveUntil),
});

const instantOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();

/** Alike on all replicas. */
const tagOf = (facts: unknown): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, TAG_LENGTH);
