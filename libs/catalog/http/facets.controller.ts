import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvalidInput, isLabelKey } from '#shared-kernel';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint } from '#platform/http';
import { FACET_FIELDS, FacetQueries } from '../application/facet.queries.js';
import type { Facet, FacetCount } from '../application/facet.queries.js';
import { FACETS_MAX, FacetsQuery, FacetsResponse } from './facet.dto.js';
import { toResourceFilter } from './resource.wire.js';

const LABELS = 'labels.';

@ApiTags('Catalog')
@Controller({ path: 'catalog/facets', version: '1' })
export class FacetsController {
  constructor(
    private readonly queries: FacetQueries,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'countResources',
    summary: 'Count resources by what they are',
    description: 'Takes the filters of the list of resources; looks at each resource that they leave.',
    allow: 'catalog:read',
    returns: FacetsResponse,
  })
  async count(@Query() query: FacetsQuery): Promise<FacetsResponse> {
    const { field, ...filters } = query;
    const facets = readFacets(field);
    const filter = toResourceFilter(filters, readTenant(this.context.current.caller, filters.tenant_id));
    const counted: [string, readonly FacetCount[]][] = [];
    const truncated: string[] = [];
    for (const [name, facet] of facets) {
      const { counts, isTruncated } = await this.queries.count(facet, filter);
      counted.push([name, counts]);
      if (isTruncated) truncated.push(name);
    }
    return { facets: Object.fromEntries(counted), truncated };
  }
}

/** @throws InvalidInput */
function readFacets(fields: readonly string[]): Map<string, Facet> {
  const facets = new Map(fields.map((field) => [field, facetOf(field)]));
  const wrong = [...facets].filter(([, facet]) => facet === null);
  const names = [...FACET_FIELDS, 'labels.<key>'].join(', ');
  if (wrong.length > 0) throw InvalidInput.at('/field', 'choice', `It must be of ${names}.`);
  if (facets.size > FACETS_MAX)
    throw InvalidInput.at('/field', 'too_many', `There are at most ${FACETS_MAX}.`);
  return facets as Map<string, Facet>;
}

function facetOf(field: string): Facet | null {
  const known = FACET_FIELDS.find((one) => one === field);
  if (known) return { field: known };
  const label = field.slice(LABELS.length);
  return field.startsWith(LABELS) && isLabelKey(label) ? { label } : null;
}
