import { Injectable } from '@nestjs/common';
import { ChangeBus } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { DiscoveryNews } from '../application/discovery-news.js';
import type { DiscoveryListener } from '../application/discovery-news.js';
import { nameOfSubject, RESOURCE_TYPE } from './resource.table.js';

/** Nobody is found elsewhere for them. */
const OF_NO_MATTER = new Set(['relation_added', 'relation_removed']);

@Injectable()
export class ChangeFedDiscoveryNews extends DiscoveryNews {
  constructor(private readonly bus: ChangeBus) {
    super();
  }

  override listen(listener: DiscoveryListener): void {
    this.bus.listen([RESOURCE_TYPE], (changes) => {
      for (const { type, tenant, subject, previousSubject } of changes) {
        if (OF_NO_MATTER.has(type)) continue;
        for (const called of new Set([subject, previousSubject ?? subject]))
          listener(nameOfSubject(called), tenantFromColumn(tenant));
      }
    });
  }
}
