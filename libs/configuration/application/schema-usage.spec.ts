import type { Layer } from '../domain/effective/layer.js';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import { schemaId } from '../domain/identity.js';
import type { ServiceId } from '../domain/identity.js';
import { aLayer } from '../testing/a-layer.js';
import { EffectiveQueries } from './effective.queries.js';
import type { EffectiveQuestion, EffectiveView } from './effective.queries.js';
import { viewOf } from './effective-view.js';
import { Layers } from './layers.js';
import { SchemaAdmission } from './schema-admission.js';
import type { AdmittedSchema, TrialDocument } from './schema-admission.js';
import { DOCUMENTS_MAX, SchemaUsage } from './schema-usage.js';

const SCHEMA = schemaId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');
const NEXT = {} as AdmittedSchema;
const services = (count: number): string[] => Array.from({ length: count }, (_, n) => `service-${n}`);

/** Services with one document each that is of the schema, and what was read of them. */
function start(names: readonly string[]) {
  const read = { layers: [] as string[], documents: 0, checked: 0 };
  const layersOf = (service: string): Layer[] => [aLayer({ schemaId: SCHEMA, values: { service } })];
  const schemas: Pick<ConfigSchemaRepository, 'servicesUsing'> = {
    servicesUsing: () => Promise.resolve(names as ServiceId[]),
  };
  const layers: Pick<Layers, 'ofService'> = {
    ofService: (service) => {
      read.layers.push(service);
      return Promise.resolve(layersOf(service));
    },
  };
  const effective: Pick<EffectiveQueries, 'effective'> = {
    effective: (question: EffectiveQuestion): Promise<EffectiveView> => {
      read.documents += 1;
      return Promise.resolve(viewOf(layersOf(question.service), question, 0));
    },
  };
  const admission: Pick<SchemaAdmission, 'check'> = {
    check: (_, __, documents: readonly TrialDocument[]) => {
      read.checked += documents.length;
      const isBroken = ({ document }: TrialDocument): boolean =>
        JSON.stringify(document).includes('service-1"');
      return Promise.resolve(
        documents.map((each) => (isBroken(each) ? [{ pointer: '', keyword: 'not', detail: 'no' }] : [])),
      );
    },
  };
  const usage = new SchemaUsage(
    schemas as ConfigSchemaRepository,
    layers as Layers,
    effective as EffectiveQueries,
    admission as SchemaAdmission,
  );
  return { read, usage };
}

it('tells which documents another schema breaks, and that it looked at all of them', async () => {
  const { usage } = start(services(3));
  expect(await usage.holdAgainst(null, [SCHEMA], NEXT)).toMatchObject({
    checked: 3,
    isComplete: true,
    broken: [{ service: 'service-1', name: 'database', environment: 'base', tenant: null }],
  });
});

it('looks at as many as there may be, and then says that these were all', async () => {
  const { usage, read } = start(services(DOCUMENTS_MAX));
  const { checked, isComplete } = await usage.holdAgainst(null, [SCHEMA], NEXT);
  expect([checked, isComplete, read.checked]).toEqual([DOCUMENTS_MAX, true, DOCUMENTS_MAX]);
});

it('reads nothing more when there are too many', async () => {
  const { usage, read } = start(services(DOCUMENTS_MAX + 200));
  const { checked, isComplete } = await usage.holdAgainst(null, [SCHEMA], NEXT);
  expect([checked, isComplete, read.documents]).toEqual([DOCUMENTS_MAX, false, DOCUMENTS_MAX]);
  expect(read.layers).toHaveLength(DOCUMENTS_MAX + 1);
});
