import { Injectable } from '@nestjs/common';
import { Breather, InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { PayeeAmbiguous } from '../domain/errors.js';
import type { PayeeId } from '../domain/identity.js';
import { PayeeUnknown } from '../domain/item-errors.js';
import { samePartyAt } from '../domain/item.js';
import type { RecordParty } from '../domain/import-record.js';
import { checkedName, nameKey } from '../domain/names.js';
import { ItemReferences } from './item-references.js';
import type { PlacedRecord } from './import-places.js';
import type { ImportTally } from './import-tally.js';
import { PayeeNames } from './payee-names.js';
import type { MeantParty } from './payee-names.js';

/** A record whose parties are known. */
export interface SettledRecord extends PlacedRecord {
  readonly payorId: PayeeId;
  readonly payeeId: PayeeId;
}

/** Whom a file is about. */
export interface Settling {
  readonly tenant: string | null;
  /** Whose file it is. */
  readonly account: PayeeId | null;
}

/** Who was found, by the id or the key of the name, and who was made. */
interface Met {
  readonly ids: ReadonlySet<PayeeId>;
  readonly names: ReadonlyMap<string, MeantParty>;
  readonly ambiguous: ReadonlyMap<string, string>;
}

const SIDES = ['payor', 'payee'] as const;

/** Finds out who is meant in a file, all names at once. */
@Injectable()
export class ImportParties {
  constructor(
    private readonly references: ItemReferences,
    private readonly names: PayeeNames,
  ) {}

  /** Whose file it is; null: nobody says. @throws InvalidInput, PayeeUnknown, PayeeAmbiguous */
  async account(tenant: string | null, { id, name }: RecordParty): Promise<MeantParty | null> {
    const pointer = '/account';
    if (id !== null) {
      const known = await this.references.known(tenant, { payees: [id], categories: [] });
      if (known.has(id)) return { id, isNew: false };
      throw new PayeeUnknown([{ pointer, code: 'payee_unknown', detail: 'There is no such payee.' }]);
    }
    if (name === null) return null;
    const [met] = await this.names.meet(tenant, [{ name, pointer }]);
    return met ?? null;
  }

  /** Those whose parties are known now, and who was made for them. */
  async settle(
    records: readonly PlacedRecord[],
    { tenant, account }: Settling,
    tally: ImportTally,
  ): Promise<{ readonly settled: readonly SettledRecord[]; readonly made: readonly PayeeId[] }> {
    const breather = new Breather();
    const sound: PlacedRecord[] = [];
    for (const record of records) {
      await breather.pause();
      const mistakes = partyMistakes(record);
      if (mistakes.length > 0) tally.fail(record.record, mistakes);
      else sound.push(record);
    }
    const met = await this.#meet(sound, tenant);
    const settled: SettledRecord[] = [];
    for (const record of sound) {
      await breather.pause();
      const mistakes: Violation[] = [];
      const [payorId, payeeId] = SIDES.map((side) =>
        partyOf(record.content[side], { side, account, met, mistakes }),
      );
      if (mistakes.length > 0 || !payorId || !payeeId) tally.fail(record.record, mistakes);
      else settled.push({ ...record, payorId, payeeId });
    }
    const made = [...met.names.values()].filter(({ isNew }) => isNew).map(({ id }) => id);
    return { settled, made: [...new Set(made)] };
  }

  async #meet(records: readonly PlacedRecord[], tenant: string | null): Promise<Met> {
    const parties = records.flatMap(({ content: { payor, payee } }) => [payor, payee]);
    const ids = new Set(parties.flatMap((party) => party?.id ?? []));
    const known = (await this.references.known(tenant, {
      payees: [...ids],
      categories: [],
    })) as ReadonlySet<PayeeId>;
    const wanted = new Map<string, string>();
    for (const party of parties) {
      if (!party || party.name === null || (party.id !== null && known.has(party.id))) continue;
      const key = nameKey(party.name);
      if (!wanted.has(key)) wanted.set(key, party.name);
    }
    const { names, ambiguous } = await this.#call(wanted, tenant);
    return { ids: known, names, ambiguous };
  }

  /** Names that several have are told, and the others met without them. */
  async #call(
    wanted: ReadonlyMap<string, string>,
    tenant: string | null,
  ): Promise<Pick<Met, 'names' | 'ambiguous'>> {
    const keys = [...wanted.keys()];
    const asked = [...wanted.values()].map((name, index) => ({ name, pointer: `/${index}` }));
    try {
      const met = await this.names.meet(tenant, asked);
      const names = new Map(keys.flatMap((key, index) => (met[index] ? [[key, met[index]]] : [])));
      return { names, ambiguous: new Map() };
    } catch (error) {
      if (!(error instanceof PayeeAmbiguous)) throw error;
      const told = error.violations.map(
        ({ pointer, detail }) => [keys[Number(pointer.slice(1))] ?? '', detail] as const,
      );
      const ambiguous = new Map(told);
      const rest = new Map([...wanted].filter(([key]) => !ambiguous.has(key)));
      const others = await this.#call(rest, tenant);
      return { names: others.names, ambiguous: new Map([...ambiguous, ...others.ambiguous]) };
    }
  }
}

/** What shows before anybody is made of a name. */
function partyMistakes({ content }: PlacedRecord): Violation[] {
  const mistakes = SIDES.flatMap((side) => nameMistakes(content[side], side));
  return mistakes.length === 0 && areNamesakes(content) ? [samePartyAt('/payee')] : mistakes;
}

function nameMistakes(party: RecordParty | null, side: (typeof SIDES)[number]): readonly Violation[] {
  if (!party || party.name === null) return [];
  try {
    checkedName(party.name, `/${side}`);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.violations;
    throw error;
  }
}

const areNamesakes = ({ payor, payee }: PlacedRecord['content']): boolean =>
  payor?.id === null &&
  payee?.id === null &&
  payor.name !== null &&
  payee.name !== null &&
  nameKey(payor.name) === nameKey(payee.name);

function partyOf(
  party: RecordParty | null,
  {
    side,
    account,
    met,
    mistakes,
  }: {
    readonly side: (typeof SIDES)[number];
    readonly account: PayeeId | null;
    readonly met: Met;
    readonly mistakes: Violation[];
  },
): PayeeId | null {
  if (!party) {
    const detail = `Say ${side}, or whose file it is by ?account=.`;
    if (account === null) mistakes.push({ pointer: `/${side}`, code: 'required', detail });
    return account;
  }
  if (party.id !== null && met.ids.has(party.id)) return party.id;
  const key = party.name === null ? null : nameKey(party.name);
  const found = key === null ? undefined : met.names.get(key);
  if (found) return found.id;
  const detail = key === null ? undefined : met.ambiguous.get(key);
  mistakes.push(
    detail === undefined
      ? { pointer: `/${side}_id`, code: 'payee_unknown', detail: 'There is no such payee.' }
      : { pointer: `/${side}`, code: 'payee_ambiguous', detail },
  );
  return null;
}
