import { Injectable } from '@nestjs/common';
import { DomainError, UnitOfWork } from '#shared-kernel';
import type { Page, PageRequest, Violation } from '#shared-kernel';
import { findCycle, referencesOf } from '#flag-evaluator';
import type { FlagDefinition, Reference, SegmentDefinition } from '#flag-evaluator';
import { FlagCycle, FlagImportRefused } from '../domain/errors.js';
import type { FlagContent, FlagState } from '../domain/feature-flag.js';
import { keyOf } from '../domain/reference-graph.js';
import { FeatureFlagQueries } from './feature-flag.queries.js';
import type { FlagView } from './feature-flag.queries.js';
import { FeatureFlagService } from './feature-flag.service.js';
import type { NewFlag } from './feature-flag.service.js';
import { SegmentQueries } from './segment.queries.js';
import type { SegmentView } from './segment.queries.js';
import { SegmentService } from './segment.service.js';
import type { NewSegment } from './segment.service.js';

/** Where in a document something stands, and what is wrong with it in the words of the document. */
interface Placed {
  /** For example `/flags/3`. */
  readonly pointer: string;
  /** What a refusal says, at the places of the document. */
  violationsOf(error: DomainError): readonly Violation[];
}

/** A flag as a document has it. */
export interface ImportedFlag extends Placed {
  readonly asked: NewFlag;
  readonly isArchived: boolean;
  /** What it refers to, as far as it can be known before it is stored. */
  readonly definition: FlagDefinition;
}

/** A segment as a document has it. */
export interface ImportedSegment extends Placed {
  readonly asked: NewSegment;
}

/** What is to be stored, all of it or nothing. */
export interface FlagDocument {
  readonly tenant: string | null;
  readonly flags: readonly ImportedFlag[];
  readonly segments: readonly ImportedSegment[];
}

/** What became of one of them. */
export interface ImportedOutcome {
  readonly kind: Reference['kind'];
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** Undoes what a dry run did. */
class DryRun extends Error {
  constructor(readonly outcomes: readonly ImportedOutcome[]) {
    super();
  }
}

type Item =
  | { readonly kind: 'flag'; readonly imported: ImportedFlag }
  | { readonly kind: 'segment'; readonly imported: ImportedSegment };

const PAGE = 1000;

/** Takes flags and segments out as a whole, and in. */
@Injectable()
export class FlagTransferService {
  constructor(
    private readonly flags: FeatureFlagService,
    private readonly segments: SegmentService,
    private readonly flagQueries: FeatureFlagQueries,
    private readonly segmentQueries: SegmentQueries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Everything that belongs to a tenant, the archived flags too, by name; null: what is shared. */
  async contentOf(
    tenant: string | null,
  ): Promise<{ readonly flags: readonly FlagView[]; readonly segments: readonly SegmentView[] }> {
    const flags: FlagView[] = [];
    for (const isArchived of [false, true])
      flags.push(...(await all((request) => this.flagQueries.page({ tenant, isArchived }, request))));
    const segments = await all((request) => this.segmentQueries.page({ tenant }, request));
    const own = <T extends { tenant: string | null; name: string }>(items: readonly T[]): T[] =>
      items.filter((item) => item.tenant === tenant).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { flags: own(flags), segments: own(segments) };
  }

  /** Makes each flag and segment of the document, by its name, what the document says. @throws FlagImportRefused */
  import(document: FlagDocument): Promise<readonly ImportedOutcome[]> {
    return this.unitOfWork.runInTurn(() => this.#storeAll(document));
  }

  /** What `import` would do. @throws FlagImportRefused */
  async rehearse(document: FlagDocument): Promise<readonly ImportedOutcome[]> {
    try {
      await this.unitOfWork.runInTurn(async () => {
        throw new DryRun(await this.#storeAll(document));
      });
    } catch (error) {
      if (error instanceof DryRun) return error.outcomes;
      throw error;
    }
    return [];
  }

  async #storeAll(document: FlagDocument): Promise<ImportedOutcome[]> {
    const { order, circles } = inOrder(document);
    const violations: Violation[] = [...circles];
    const outcomes = new Map<Item, ImportedOutcome>();
    for (const item of order) {
      const { kind, imported } = item;
      try {
        const outcome = await this.unitOfWork.attempt(() =>
          kind === 'flag' ? this.#storeFlag(imported) : this.#storeSegment(imported),
        );
        outcomes.set(item, { kind, name: imported.asked.name, outcome });
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        violations.push(...imported.violationsOf(error));
      }
    }
    if (violations.length > 0) throw new FlagImportRefused(violations);
    return [...outcomes.values()].sort((a, b) =>
      a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'segment' ? -1 : 1,
    );
  }

  async #storeFlag({ asked, isArchived }: ImportedFlag): Promise<ImportedOutcome['outcome']> {
    const { tenant, name, reason } = asked;
    const stored = await this.flags.findOwn(tenant, name);
    if (stored) {
      const content: FlagContent = asked.content(stored);
      const target = { id: stored.id, ifVersion: null };
      const after = await this.flags.replace(target, { ...content, isArchived }, reason);
      return outcomeOf(stored, after);
    }
    const { state } = await this.flags.create(asked);
    if (isArchived) await this.flags.archive({ id: state.id, ifVersion: null }, reason);
    return 'created';
  }

  async #storeSegment({ asked }: ImportedSegment): Promise<ImportedOutcome['outcome']> {
    const { tenant, name, content, reason } = asked;
    const stored = await this.segments.findOwn(tenant, name);
    if (stored) {
      const target = { id: stored.id, ifVersion: null };
      return outcomeOf(stored, await this.segments.revise(target, () => content, reason));
    }
    await this.segments.create(asked);
    return 'created';
  }
}

const outcomeOf = (
  before: Pick<FlagState, 'version'>,
  after: Pick<FlagState, 'version'>,
): ImportedOutcome['outcome'] => (before.version === after.version ? 'unchanged' : 'updated');

async function all<T>(page: (request: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const next = await page({ limit: PAGE, sort: 'name', ...(cursor && { cursor }) });
    items.push(...next.items);
    cursor = next.nextCursor;
  } while (cursor);
  return items;
}

const definitionOf = ({ kind, imported }: Item): FlagDefinition | SegmentDefinition =>
  kind === 'flag' ? imported.definition : imported.asked.content.definition;

/** What others refer to comes before them; those that refer to each other in a circle are refused. */
function inOrder({ flags, segments }: FlagDocument): {
  readonly order: readonly Item[];
  readonly circles: readonly Violation[];
} {
  const items = [
    ...segments.map((imported): Item => ({ kind: 'segment', imported })),
    ...flags.map((imported): Item => ({ kind: 'flag', imported })),
  ];
  const referenceTo = ({ kind, imported }: Item): Reference => ({ kind, name: imported.asked.name });
  const byKey = new Map(items.map((item) => [keyOf(referenceTo(item)), item]));
  const needs = new Map(
    items.map((item) => [
      item,
      referencesOf(definitionOf(item)).flatMap((one) => byKey.get(keyOf(one)) ?? []),
    ]),
  );
  const users = new Map<Item, Item[]>(items.map((item) => [item, []]));
  for (const [item, needed] of needs) for (const one of needed) users.get(one)?.push(item);
  const waiting = new Map([...needs].map(([item, needed]) => [item, needed.length]));
  const order = items.filter((item) => waiting.get(item) === 0);
  for (const item of order) {
    for (const user of users.get(item) ?? []) {
      const left = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, left);
      if (left === 0) order.push(user);
    }
  }
  const placed = new Set(order);
  const circles = items
    .filter((item) => !placed.has(item))
    .flatMap((item) => {
      const path = findCycle(referenceTo(item), (reference) => {
        const at = byKey.get(keyOf(reference));
        return at ? (needs.get(at) ?? []).map(referenceTo) : [];
      });
      return path ? [...item.imported.violationsOf(new FlagCycle(path))] : [];
    });
  return { order, circles };
}
