import { Injectable } from '@nestjs/common';
import { CatalogReferences } from '#catalog';
import type { Named } from '#catalog';
import type { RequestContent, SupervisorRequestState } from '../domain/request-state.js';

/** The teams that are to answer are there. */
@Injectable()
export class TeamsAsked {
  constructor(private readonly references: CatalogReferences) {}

  /** Of a new request. @throws CatalogReferenceUnknown */
  async expectAllKnown(
    tenant: string | null,
    { assigneeTeamId, escalation }: Pick<RequestContent, 'assigneeTeamId' | 'escalation'>,
  ): Promise<void> {
    const named = [
      ...teamAt(assigneeTeamId, '/assignee_team_id'),
      ...escalation.flatMap((step, index) =>
        teamAt(step.assigneeTeamId, `/escalation/${index}/assignee_team_id`),
      ),
    ];
    if (named.length > 0) await this.references.expectKnown(tenant, { teams: named });
  }

  /** Of one that changes: the team that it had is not asked for again. @throws CatalogReferenceUnknown */
  async expectKnown(
    { tenant, assigneeTeamId: before }: SupervisorRequestState,
    teamId: string | null | undefined,
  ): Promise<void> {
    if (teamId === before) return;
    const teams = teamAt(teamId ?? null, '/assignee_team_id');
    if (teams.length > 0) await this.references.expectKnown(tenant, { teams });
  }
}

const teamAt = (value: string | null, pointer: string): Named[] =>
  value === null ? [] : [{ value, pointer }];
