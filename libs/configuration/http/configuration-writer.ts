import { Injectable } from '@nestjs/common';
import { Clock } from '#shared-kernel';
import { ConfigurationService } from '../application/configuration.service.js';
import type { ConfigurationWork, WorkOutcome } from '../application/configuration.service.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import type { ConfigurationResponse } from './configuration.dto.js';
import { toStoredConfiguration } from './configuration.wire.js';
import type { WriteQuery } from './configuration.queries.dto.js';
import type { DryRunResponse } from './dry-run.dto.js';
import { toDryRun } from './dry-run.wire.js';

/** Does what a request asks for, or says what it would do. */
@Injectable()
export class ConfigurationWriter {
  constructor(
    private readonly service: ConfigurationService,
    private readonly clock: Clock,
  ) {}

  /** What is stored then, or what would happen. */
  async write(
    { dry_run: isRehearsal }: WriteQuery,
    work: ConfigurationWork<ConfigurationState>,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    if (isRehearsal === true) return toDryRun(await this.service.preview(work));
    return this.show((await this.service.together(work)).result);
  }

  /** The same, for any piece of work. */
  run<T>({ dry_run: isRehearsal }: WriteQuery, work: ConfigurationWork<T>): Promise<WorkOutcome<T>> {
    return isRehearsal === true ? this.service.preview(work) : this.service.together(work);
  }

  show(state: ConfigurationState): ConfigurationResponse {
    return toStoredConfiguration(state, this.clock.now());
  }
}
