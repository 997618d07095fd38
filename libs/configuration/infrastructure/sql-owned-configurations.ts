import { Injectable } from '@nestjs/common';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import type { ConfigurationView } from '../application/configuration.queries.js';
import { OwnedConfigurations } from '../application/owned-configurations.js';
import type { Owned } from '../application/owned-configurations.js';
import { CONFIGURATION_COLUMNS, toConfigurationView } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';

/** Each may have a quarter of a megabyte. */
const READ_AT_ONCE = 100;
const ID_FIRST = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class SqlOwnedConfigurations extends OwnedConfigurations {
  constructor(private readonly database: Database) {
    super();
  }

  override async *all({ tenant, services, environment, name }: Owned): AsyncIterable<ConfigurationView> {
    let after: readonly string[] = ['', '', '', ID_FIRST];
    for (;;) {
      const records = await this.database.read<ConfigurationRecord>({
        name: 'configuration_owned',
        text: `select ${CONFIGURATION_COLUMNS} from configuration.configuration t
               where t.tenant = $1 and ($2::text[] is null or t.service = any ($2))
                 and ($3::text is null or t.environment = $3) and ($4::text is null or t.name = $4)
                 and (t.service, t.name, t.environment, t.id) > ($5, $6, $7, $8::uuid)
               order by t.service, t.name, t.environment, t.id limit ${READ_AT_ONCE}`,
        values: [tenantColumn(tenant), services, environment, name, ...after],
      });
      for (const record of records) yield toConfigurationView(record);
      const last = records.at(-1);
      if (!last || records.length < READ_AT_ONCE) return;
      after = [last.service, last.name, last.environment, last.id];
    }
  }
}
