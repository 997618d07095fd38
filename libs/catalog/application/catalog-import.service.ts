import { Injectable } from '@nestjs/common';
import { undoing, UnitOfWork } from '#shared-kernel';
import { factsOf } from '../domain/backstage/entity-facts.js';
import type { Facts } from '../domain/backstage/facts.js';
import { CompanyNameTaken } from '../domain/company-errors.js';
import { TeamTree } from '../domain/team-tree.js';
import type { CatalogImport, ImportOutcome } from './catalog-import.js';
import { CatalogImportStore } from './catalog-import.store.js';
import type { KnownThing } from './catalog-import.store.js';
import { CompanyOf } from './company-of.js';
import type { Home } from './company-of.js';
import { CompanyService } from './company.service.js';
import { ImportedPeople } from './imported-people.js';
import { ImportedResources } from './imported-resources.js';
import { ImportRun, RefusedTogether } from './import-run.js';
import type { Pace } from './import-run.js';

/** What the company is called that an import makes where there is none. */
const FIRST_COMPANY = 'default';

/** Takes in what other catalogs say. */
@Injectable()
export class CatalogImportService {
  constructor(
    private readonly companyOf: CompanyOf,
    private readonly companies: CompanyService,
    private readonly tree: TeamTree,
    private readonly store: CatalogImportStore,
    private readonly people: ImportedPeople,
    private readonly resources: ImportedResources,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Each entity goes in by itself; what is wrong with one keeps no other out. One import of a company after another.
   * @throws InvalidInput, CatalogReferenceUnknown, TenantForbidden for the company
   */
  import(asked: CatalogImport): Promise<ImportOutcome> {
    return this.unitOfWork.run(async () => {
      try {
        return await this.unitOfWork.attempt(() => this.#take(asked, 'together'));
      } catch (error) {
        if (!(error instanceof RefusedTogether)) throw error;
        return this.#take(asked, 'one by one');
      }
    });
  }

  async #take(asked: CatalogImport, pace: Pace): Promise<ImportOutcome> {
    const home = await this.#home(asked);
    await this.tree.hold(home.companyId);
    const run = new ImportRun(asked, home, await this.#known(asked, home), pace);
    await this.people.store(run);
    await this.resources.store(run);
    await this.people.describe(run);
    await this.store.keep(home, run.kept);
    return run.outcome;
  }

  /** What would come of it; nothing stays. @throws as `import` */
  rehearse(asked: CatalogImport): Promise<ImportOutcome> {
    return undoing(this.unitOfWork, () => this.import(asked));
  }

  /** Also what the source named before, because it may name it no more. */
  async #known({ source, entities }: CatalogImport, { companyId }: Home): Promise<KnownThing[]> {
    const refs = new Set(entities.flatMap(({ ref, facts }) => [ref, ...mentionedIn(facts)]));
    const known = await this.store.known(companyId, source, [...refs]);
    const before = known.flatMap(({ entity }) => (entity ? mentionedIn(factsOf(entity).facts) : []));
    const seen = new Set([...refs, ...known.map(({ ref }) => ref)]);
    const more = [...new Set(before)].filter((ref) => !seen.has(ref));
    return more.length === 0 ? known : [...known, ...(await this.store.known(companyId, source, more))];
  }

  async #home({ home, newCompanyId: id, reason }: CatalogImport): Promise<Home> {
    const { companyId, tenant } = await this.companyOf.ofOrNone(home);
    if (companyId !== null) return { companyId, tenant };
    const content = { name: FIRST_COMPANY, description: null, labels: {} };
    try {
      await this.companies.create({ id, idIsGiven: false, tenant, content, reason });
      return { companyId: id, tenant };
    } catch (error) {
      if (!(error instanceof CompanyNameTaken)) throw error;
      return this.companyOf.of(home); // Another import made it meanwhile.
    }
  }
}

/** All others that it names. */
function mentionedIn(facts: Facts): string[] {
  if (facts.is === 'user') return [...facts.memberOf];
  if (facts.is === 'team')
    return [...Object.keys(facts.members), ...(facts.parent === null ? [] : [facts.parent])];
  const owner = facts.owner === null ? [] : [facts.owner];
  return [...owner, ...facts.relations.map(({ to }) => to), ...facts.dependents];
}
