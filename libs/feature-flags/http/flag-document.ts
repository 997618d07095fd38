import { Injectable } from '@nestjs/common';
import { CatalogReferenceUnknown } from '#catalog';
import { InvalidInput } from '#shared-kernel';
import type { DomainError, Violation } from '#shared-kernel';
import type { BucketRange } from '#flag-evaluator';
import { at, isMembers, Reading } from '#platform/http';
import type { FlagView } from '../application/feature-flag.queries.js';
import type { NewFlag } from '../application/feature-flag.service.js';
import type { FlagDocument, ImportedFlag, ImportedSegment } from '../application/flag-transfer.service.js';
import type { SegmentView } from '../application/segment.queries.js';
import { FlagReferenceUnknown, InvalidDefinition } from '../domain/errors.js';
import type { FlagContent } from '../domain/feature-flag.js';
import { FlagBodies } from './flag-bodies.js';
import { toResponse } from './flag.wire.js';
import { SegmentBodies } from './segment-bodies.js';
import { toSegmentResponse } from './segment.wire.js';
import { WirePlaces } from './wire-places.js';

export const DOCUMENT_FORMAT = 'metastore-flag-export/1';

const ITEMS_MAX = 10_000;
const SALT_MAX = 255;

type Members = Readonly<Record<string, unknown>>;

/** What an export has beyond what a body may say: by this nobody moves. */
interface Allotment {
  readonly salt: string | null;
  readonly ranges: readonly (readonly BucketRange[])[];
}

/** A flag as a document has it: all that is its own, and nothing that the server decides. */
export function toDocumentFlag(flag: FlagView): object {
  const {
    id: _,
    tenant_id,
    version,
    archived_at,
    created_at,
    updated_at,
    created_by,
    updated_by,
    ...rest
  } = toResponse(flag, null);
  return {
    ...rest,
    archived: archived_at !== null,
    variants: flag.definition.variants.map(({ name, value, weight, ranges }) => ({
      ...{ name, value, weight },
      ranges: ranges.map(({ from, until }) => [from, until]),
    })),
  };
}

export function toDocumentSegment(segment: SegmentView): object {
  const { name, description, include, exclude, conditions } = toSegmentResponse(segment);
  return { name, description, include, exclude, conditions };
}

/** What a refusal says, at the places of the document. */
export const placedIn =
  (pointer: string, places: WirePlaces) =>
  (error: DomainError): Violation[] => {
    if (
      error instanceof InvalidDefinition ||
      error instanceof FlagReferenceUnknown ||
      error instanceof CatalogReferenceUnknown
    )
      return within(pointer, places.all(error.violations));
    if (error instanceof InvalidInput) return within(pointer, error.violations);
    return [{ pointer, code: error.code, detail: error.message }];
  };

const within = (pointer: string, violations: readonly Violation[]): Violation[] =>
  violations.map((violation) => ({ ...violation, pointer: `${pointer}${violation.pointer}` }));

/** From documents in our own format to what is to be stored; everything that is wrong is told together. */
@Injectable()
export class FlagDocuments {
  constructor(
    private readonly flagBodies: FlagBodies,
    private readonly segmentBodies: SegmentBodies,
  ) {}

  /** @throws InvalidInput */
  async read(body: unknown, tenant: string | null): Promise<FlagDocument> {
    const reading = new Reading();
    const members = reading.object(body, '', ['format', 'tenant_id', 'flags', 'segments']);
    if (members['format'] !== undefined) reading.choice(members['format'], '/format', [DOCUMENT_FORMAT]);
    const violations: Violation[] = [];
    const take = async <T>(
      kind: 'flags' | 'segments',
      read: (item: Members, pointer: string) => Promise<T>,
    ): Promise<T[]> => {
      const items = reading.list(members[kind] ?? [], at('', kind));
      if (items.length > ITEMS_MAX) reading.note('too_many', at('', kind), `There are at most ${ITEMS_MAX}.`);
      const taken: T[] = [];
      for (const [index, item] of items.slice(0, ITEMS_MAX).entries()) {
        const pointer = at(at('', kind), index);
        try {
          taken.push(await read(reading.map(item, pointer), pointer));
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
          violations.push(...within(pointer, error.violations));
        }
      }
      return taken;
    };
    const segments = await take('segments', (item, pointer) => this.#segment(item, pointer, tenant));
    const flags = await take('flags', (item, pointer) => this.flag(item, pointer, tenant));
    expectUnique(flags, reading);
    expectUnique(segments, reading);
    const all = [...reading.violations, ...violations];
    if (all.length > 0) throw new InvalidInput(all);
    return { tenant, flags, segments };
  }

  /** @throws InvalidInput with places within the flag */
  async flag(item: Members, pointer: string, tenant: string | null): Promise<ImportedFlag> {
    const { archived, salt, ...rest } = item;
    const reading = new Reading();
    const allotment = {
      salt: salt === undefined || salt === null ? null : reading.text(salt, '/salt', SALT_MAX),
      ranges: rangesOf(rest['variants'], reading),
    };
    const isArchived = archived !== undefined && reading.yesNo(archived, '/archived');
    const { asked, places } = await readBeside(reading, () =>
      this.flagBodies.toNewFlag({ ...withoutRanges(rest), tenant_id: tenant }),
    );
    const complete: NewFlag = {
      ...asked,
      content: (stored) => allotted(asked.content(stored), allotment, stored),
    };
    return {
      ...{ pointer, isArchived, asked: complete },
      definition: complete.content(null).definition,
      violationsOf: placedIn(pointer, places),
    };
  }

  async #segment(item: Members, pointer: string, tenant: string | null): Promise<ImportedSegment> {
    const asked = await this.segmentBodies.toNew({ ...item, tenant_id: tenant });
    return { pointer, asked, violationsOf: placedIn(pointer, new WirePlaces()) };
  }
}

/** What the rest of an item breaks is told with what was noted before. @throws InvalidInput */
async function readBeside<T>(reading: Reading, read: () => Promise<T>): Promise<T> {
  const violations = [...reading.violations];
  try {
    const result = await read();
    if (violations.length === 0) return result;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    violations.push(...error.violations);
  }
  throw new InvalidInput(violations);
}

function expectUnique(items: readonly (ImportedFlag | ImportedSegment)[], reading: Reading): void {
  const names = new Set<string>();
  for (const { asked, pointer } of items) {
    if (names.has(asked.name)) reading.note('duplicate', at(pointer, 'name'), 'It is in the document twice.');
    names.add(asked.name);
  }
}

/** A salt that nobody gives stays what it is. */
function allotted(
  { profile, definition }: FlagContent,
  { salt, ranges }: Allotment,
  stored: FlagContent | null,
): FlagContent {
  const variants = definition.variants.map((variant, index) => ({ ...variant, ranges: ranges[index] ?? [] }));
  return {
    profile,
    definition: { ...definition, variants, salt: salt ?? stored?.definition.salt ?? definition.salt },
  };
}

/** What is no list of variants is told by whoever reads them. */
function rangesOf(variants: unknown, reading: Reading): BucketRange[][] {
  if (!Array.isArray(variants)) return [];
  return variants.map((variant: unknown, index) => {
    const ranges = isMembers(variant) ? variant['ranges'] : undefined;
    if (ranges === undefined) return [];
    const pointer = `/variants/${index}/ranges`;
    return reading.list(ranges, pointer).map((range, place) => {
      const [from, until] = reading.list(range, at(pointer, place));
      return {
        from: reading.whole(from, at(at(pointer, place), 0)),
        until: reading.whole(until, at(at(pointer, place), 1)),
      };
    });
  });
}

function withoutRanges(item: Members): Members {
  const { variants } = item;
  if (!Array.isArray(variants)) return item;
  return {
    ...item,
    variants: variants.map((variant: unknown) => {
      if (!isMembers(variant)) return variant;
      const { ranges: _, ...rest } = variant;
      return rest;
    }),
  };
}
