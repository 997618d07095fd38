import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { changedLabels, checkBody, expectNone, Reading, readLabels, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import type { NewTeam, ReviseTeam } from '../application/team.service.js';
import { slug, teamId } from '../domain/identity.js';
import type { TeamId } from '../domain/identity.js';
import type { TeamRevision } from '../domain/team.js';
import { slugFrom } from '../domain/team-slug.js';
import { CreateTeamBody, ReviseTeamBody } from './team.dto.js';
import { companyAmiss, wordsAmiss } from './user-bodies.js';

/** From bodies of teams to what the service takes; everything that is wrong is told together. */
@Injectable()
export class TeamBodies {
  /** @throws InvalidInput */
  async toNew(sent: unknown): Promise<NewTeam> {
    const { body, raw, violations } = await checkBody(CreateTeamBody, sent);
    const reading = new Reading();
    const labels = readLabels(raw['labels'], reading);
    expectNone([...violations, ...reading.violations, ...wordsAmiss(raw)]);
    const id = teamId(body.id ?? uuidv7());
    return {
      id,
      idIsGiven: body.id !== undefined,
      home: { companyId: body.company_id, tenant: body.tenant_id },
      content: {
        name: body.name,
        slug: body.slug === undefined ? slugFrom(body.name, id) : slug(body.slug, '/slug'),
        description: body.description ?? null,
        email: body.email ?? null,
        parentId: named(body.parent_team_id ?? null),
        labels,
      },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the team is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseTeam>> {
    const checked = await checkBody(ReviseTeamBody, sent);
    const { body, raw, violations } = checked;
    const asked: ReviseTeam = ({ companyId, labels }): TeamRevision => {
      const reading = new Reading();
      const sentLabels = raw['labels'];
      const next = sentLabels === undefined ? labels : changedLabels(labels, sentLabels, manner, reading);
      const own = [...reading.violations, ...wordsAmiss(raw), ...companyAmiss(raw, companyId)];
      expectNone([...violations, ...own]);
      return {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.slug !== undefined && { slug: slug(body.slug, '/slug') }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.email !== undefined && { email: body.email }),
        ...(body.parent_team_id !== undefined && { parentId: named(body.parent_team_id) }),
        labels: next,
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}

/** A UUID by its decorator; one that no team has is unknown, whatever it looks like. */
const named = (id: string | null): TeamId | null => (id === null ? null : (id.toLowerCase() as TeamId));
