import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { allowSecrets } from '#platform/auth';
import { CallContext } from '#platform/context';
import { EffectiveQueries } from '../application/effective.queries.js';
import type { EffectiveQuestion, EffectiveView, LayerOrigin } from '../application/effective.queries.js';
import { resolvedValues } from '../application/resolved-values.js';
import { SecretResolver } from '../application/secret-resolver.js';
import { explain } from '../domain/effective/explain.js';
import type { Explanation } from '../domain/effective/explain.js';
import type { Layer } from '../domain/effective/layer.js';
import type { EffectiveResponse, ExplainedLayer, ExplainedValue } from './effective.dto.js';
import { toEffectiveResponse, toLayerScope } from './effective.wire.js';
import type { Extras } from './effective.wire.js';

/** What is asked for beside the documents. */
export interface ReportWishes {
  readonly isExplained: boolean;
  readonly isResolved: boolean;
}

/** A report, and whether its tag is another one whenever it is: not where a secret has no version. */
export interface EffectiveReport {
  readonly response: EffectiveResponse;
  readonly isTagged: boolean;
}

/** Effective documents with more than memory holds: of another time, with what they are made of, with their secrets. */
@Injectable()
export class EffectiveReports {
  constructor(
    private readonly queries: EffectiveQueries,
    private readonly secrets: SecretResolver,
    private readonly context: CallContext,
  ) {}

  /** @throws ServiceNotConfigured, PermissionDenied, SecretUnresolvable */
  async report(
    question: EffectiveQuestion,
    { isExplained, isResolved }: ReportWishes,
    reply: FastifyReply,
  ): Promise<EffectiveReport> {
    if (isResolved) allowSecrets(this.context.current.caller, reply);
    const view = await this.queries.effective(question);
    const resolved = isResolved ? await this.#resolve(question, view) : null;
    const extras: Extras = {
      ...(resolved && { values: resolved.values, tagged: resolved.tagged }),
      ...(isExplained && { explain: await this.#explain(view) }),
    };
    return {
      response: toEffectiveResponse(question, view, extras),
      isTagged: resolved?.isTagged ?? true,
    };
  }

  /** A secret that is shown leaves a row in the log, or it is not shown. */
  async #resolve(
    { service }: EffectiveQuestion,
    { documents }: EffectiveView,
  ): Promise<Required<Pick<Extras, 'values' | 'tagged'>> & Pick<EffectiveReport, 'isTagged'>> {
    const resolved = await this.secrets.resolve(
      documents.secrets.map(({ reference, layer, name, pointer }) => ({
        reference,
        tenant: layer.tenant,
        key: `${name}: ${pointer}`,
      })),
    );
    const values = resolvedValues(documents, resolved);
    const shown = documents.secrets.filter((_, index) => resolved[index]).map(({ layer }) => layer);
    if (shown.length > 0) await this.queries.noteRevealed(service, [...new Set(shown)]);
    return {
      values,
      tagged: resolved.map((secret) => secret && [secret.from, secret.version]),
      isTagged: resolved.every((secret) => secret?.version !== null),
    };
  }

  async #explain({ documents, whole }: EffectiveView): Promise<Record<string, ExplainedValue>> {
    const origins = await this.queries.originsOf(documents.layers);
    const explained = [...explain(whole)].filter(([pointer]) =>
      Object.hasOwn(documents.values, nameIn(pointer)),
    );
    return Object.fromEntries(explained.map(([pointer, each]) => [pointer, toExplainedValue(each, origins)]));
  }
}

/** The first step of a JSON Pointer over all values; no name has to be escaped. */
const nameIn = (pointer: string): string => pointer.split('/', 2)[1] ?? '';

type Origins = ReadonlyMap<Layer, LayerOrigin>;

const toExplainedValue = ({ layer, overridden, from }: Explanation, origins: Origins): ExplainedValue => ({
  ...toExplainedLayer(layer, origins),
  overridden: overridden.map((below) => ({ ...toExplainedLayer(below.layer, origins), value: below.value })),
  ...(from !== undefined && { from }),
});

function toExplainedLayer(layer: Layer, origins: Origins): ExplainedLayer {
  const origin = origins.get(layer);
  return {
    configuration_id: layer.configurationId,
    version: layer.version,
    layer: toLayerScope(layer),
    changed_by: origin?.changedBy ?? null,
    changed_at: origin?.changedAt.toISOString() ?? null,
    change_reason: origin?.changeReason ?? null,
  };
}
