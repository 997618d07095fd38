import { effectiveAt } from '../domain/effective/effective.js';
import type { EffectiveDocuments, SecretText } from '../domain/effective/effective-documents.js';
import type { Layer } from '../domain/effective/layer.js';
import { boundaryAfter } from '../domain/effective/select-layers.js';
import type { ConfigurationName } from '../domain/identity.js';
import { ServiceNotConfigured } from '../domain/service-not-configured.js';
import type { EffectiveQuestion, EffectiveView } from './effective.queries.js';

/**
 * The documents that these layers make at an instant, in milliseconds since 1970.
 * @throws ServiceNotConfigured when there is no layer at all, or none of this name
 */
export function viewOf(
  layers: readonly Layer[],
  { service, environment, tenant, name }: EffectiveQuestion,
  at: number,
): EffectiveView {
  if (!layers.some((layer) => name === null || layer.name === name))
    throw new ServiceNotConfigured(service, name);
  const place = { tenant, environment };
  const whole = effectiveAt(layers, place, at);
  return {
    documents: name === null ? whole : documentOf(whole, name),
    whole,
    at,
    validUntil: boundaryAfter(layers, place, at),
  };
}

/** One document alone, with the secrets that its texts take from others. */
function documentOf(documents: EffectiveDocuments, name: ConfigurationName): EffectiveDocuments {
  const texts = documents.secretTexts.filter((text) => text.name === name);
  const needed = new Set(texts.flatMap(({ parts }) => parts.filter((part) => typeof part === 'number')));
  const kept = documents.secrets.flatMap((secret, index) =>
    secret.name === name || needed.has(index) ? [index] : [],
  );
  const values = Object.entries(documents.values).filter(([each]) => each === name);
  return {
    values: Object.fromEntries(values),
    layers: documents.layers.filter((layer) => layer.name === name),
    problems: documents.problems.filter((problem) => problem.name === name),
    secrets: documents.secrets.filter((_, index) => kept.includes(index)),
    secretTexts: texts.map((text) => renumbered(text, kept)),
  };
}

const renumbered = (text: SecretText, kept: readonly number[]): SecretText => ({
  ...text,
  parts: text.parts.map((part) => (typeof part === 'number' ? kept.indexOf(part) : part)),
});
