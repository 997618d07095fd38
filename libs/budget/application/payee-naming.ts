import { Injectable } from '@nestjs/common';
import { InvalidInput, UnitOfWork } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { PayeeAmbiguous } from '../domain/errors.js';
import type { AmbiguousName } from '../domain/errors.js';
import type { PayeeId } from '../domain/identity.js';
import { checkedName, nameKey } from '../domain/names.js';
import { Payee } from '../domain/payee.js';
import { PayeeRepository } from '../domain/payee.repository.js';
import type { CalledPayee } from '../domain/payee.repository.js';
import { PayeeNames } from './payee-names.js';
import type { MeantParty, NamedParty } from './payee-names.js';

/** The first way in which each name was written, by its key. */
type Wanted = ReadonlyMap<string, NamedParty>;

/** Names as the repository knows them; who is missing is made. */
@Injectable()
export class PayeeNaming extends PayeeNames {
  constructor(
    private readonly payees: PayeeRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  override async resolve(tenant: string | null, names: readonly NamedParty[]): Promise<readonly PayeeId[]> {
    return (await this.meet(tenant, names)).map(({ id }) => id);
  }

  override async meet(tenant: string | null, names: readonly NamedParty[]): Promise<readonly MeantParty[]> {
    if (names.length === 0) return [];
    const wanted = wantedOf(names);
    const found = await this.unitOfWork.run(() => this.#findOrMake(tenant, wanted, names));
    return names.map(({ name }) => {
      const met = found.get(nameKey(name));
      if (!met) throw new Error(`Nobody came of the name "${name}".`);
      return met;
    });
  }

  async #findOrMake(
    tenant: string | null,
    wanted: Wanted,
    names: readonly NamedParty[],
  ): Promise<ReadonlyMap<string, MeantParty>> {
    const met = await this.#find(tenant, [...wanted.keys()], names);
    const missing = [...wanted.keys()].filter((key) => !met.has(key));
    if (missing.length === 0) return met;
    await this.payees.holdNames(tenant, missing);
    for (const [key, party] of await this.#find(tenant, missing, names)) met.set(key, party); // Made meanwhile.
    const made = missing.flatMap((key) => {
      const named = met.has(key) ? undefined : wanted.get(key);
      return named ? [{ key, payee: makePayee({ id: this.payees.newId(), tenant }, named) }] : [];
    });
    await this.payees.saveAll(made.map(({ payee }) => payee));
    for (const { key, payee } of made) met.set(key, { id: payee.snapshot.id, isNew: true });
    return met;
  }

  async #find(
    tenant: string | null,
    keys: readonly string[],
    names: readonly NamedParty[],
  ): Promise<Map<string, MeantParty>> {
    const called = new Map<string, CalledPayee[]>();
    for (const payee of await this.payees.called(tenant, keys))
      called.set(payee.key, [...(called.get(payee.key) ?? []), payee]);
    const met = new Map<string, MeantParty>();
    const several = new Map<string, readonly CalledPayee[]>();
    for (const [key, all] of called) {
      const own = all.filter((payee) => payee.tenant === tenant);
      const meant = own.length > 0 ? own : all;
      const [only, ...others] = meant;
      if (only && others.length === 0) met.set(key, { id: only.id, isNew: false });
      else several.set(key, meant);
    }
    if (several.size > 0) throw new PayeeAmbiguous(ambiguous(names, several));
    return met;
  }
}

const makePayee = (
  identity: { readonly id: PayeeId; readonly tenant: string | null },
  { name }: NamedParty,
): Payee => Payee.create(identity, { name, email: null, phone: null, labels: {} }, 'An item names it.');

/** @throws InvalidInput with everything that is no name */
function wantedOf(names: readonly NamedParty[]): Wanted {
  const wanted = new Map<string, NamedParty>();
  const violations: Violation[] = [];
  for (const named of names) {
    try {
      const name = checkedName(named.name, named.pointer);
      const key = nameKey(name);
      if (!wanted.has(key)) wanted.set(key, { ...named, name });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      violations.push(...error.violations);
    }
  }
  if (violations.length > 0) throw new InvalidInput(violations);
  return wanted;
}

const ambiguous = (
  names: readonly NamedParty[],
  several: ReadonlyMap<string, readonly CalledPayee[]>,
): AmbiguousName[] =>
  names.flatMap(({ name, pointer }) => {
    const candidates = several.get(nameKey(name));
    return candidates ? [{ name, pointer, candidates }] : [];
  });
