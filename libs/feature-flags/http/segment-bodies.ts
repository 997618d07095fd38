import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { checkSegment } from '#flag-evaluator';
import type { SegmentDefinition } from '#flag-evaluator';
import { CallContext, writeTenant } from '#platform/context';
import { at, checkBody, expectNone, Reading, reasonOf } from '#platform/http';
import type { AskedChange } from '#platform/http';
import type { NewSegment, ReviseSegment } from '../application/segment.service.js';
import { segmentId, segmentName } from '../domain/identity.js';
import type { SegmentRevision } from '../domain/segment.js';
import { untold } from './flag-bodies.js';
import { readConditions } from './read-condition.js';
import { CreateSegmentBody, ReviseSegmentBody } from './segment.dto.js';

type Members = Readonly<Record<string, unknown>>;

const EMPTY: SegmentDefinition = { include: [], exclude: [], conditions: [] };
const KEY_MAX = 1_000;

/** From bodies of segments to what the service takes; everything that is wrong is told together. */
@Injectable()
export class SegmentBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewSegment> {
    const checked = await checkBody(CreateSegmentBody, sent);
    const { body } = checked;
    const reading = new Reading();
    const definition = { ...EMPTY, ...readSegment(checked.raw, reading) };
    expectNothingWrong([...checked.violations, ...reading.violations], definition);
    return {
      id: segmentId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      name: segmentName(body.name),
      content: { description: body.description ?? null, definition },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the segment is there. */
  async toRevision(sent: unknown): Promise<AskedChange<ReviseSegment>> {
    const checked = await checkBody(ReviseSegmentBody, sent);
    const { body, raw } = checked;
    const asked: ReviseSegment = ({ definition: current }): SegmentRevision => {
      const reading = new Reading();
      const definition = readSegment(raw, reading);
      expectNothingWrong([...checked.violations, ...reading.violations], { ...current, ...definition });
      return {
        ...(body.name !== undefined && { name: segmentName(body.name) }),
        ...(body.description !== undefined && { description: body.description }),
        definition,
      };
    };
    return { asked, reason: reasonOf(checked) };
  }
}

/** Absent stays absent, null empties. */
function readSegment(raw: Members, reading: Reading): Partial<SegmentDefinition> {
  const keys = (name: 'include' | 'exclude'): string[] =>
    reading
      .list(raw[name] ?? [], at('', name))
      .map((key, index) => reading.text(key, at(at('', name), index), KEY_MAX));
  return {
    ...(raw['include'] !== undefined && { include: keys('include') }),
    ...(raw['exclude'] !== undefined && { exclude: keys('exclude') }),
    ...(raw['conditions'] !== undefined && {
      conditions: readConditions(reading, raw['conditions'] ?? [], '/conditions'),
    }),
  };
}

/** @throws InvalidInput */
function expectNothingWrong(violations: readonly Violation[], definition: SegmentDefinition): void {
  if (violations.length === 0) return; // The segment itself checks its definition.
  expectNone([...violations, ...untold(checkSegment(definition), violations)]);
}
