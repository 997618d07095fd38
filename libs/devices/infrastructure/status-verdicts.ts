import type { SchemaBundle } from '#platform/json-schema';
import type { Reporter, Submission } from './submission.js';
import { isTooExpensive, keyOfType } from './status-schemas.js';
import type { StatusRules, StatusSchemas, TypeVersion, Verdict } from './status-schemas.js';

/** Documents of one version of a type that wait for their verdict. */
interface Open {
  readonly type: TypeVersion;
  readonly schema: SchemaBundle;
  readonly places: readonly number[];
}

/**
 * What the schemas of the types say of what is reported: one check for each type. A verdict is kept through repetitions, for
 * as long as the type is the same.
 */
export class StatusVerdicts {
  readonly #found = new Map<number, { readonly typeKey: string; readonly verdict: Verdict }>();
  #tooSlow: Open | null = null;

  constructor(
    private readonly schemas: StatusSchemas,
    private readonly tenant: string | null,
    private readonly submissions: readonly Submission[],
  ) {}

  /** False where documents are too much together: `findApart` looks at them, and then it is to be asked again. */
  async find(reporters: Iterable<Reporter>, rules: ReadonlyMap<string, StatusRules>): Promise<boolean> {
    for (const open of this.#open(reporters, rules)) {
      try {
        this.#note(open, await this.schemas.check(this.tenant, open.schema, this.#textsOf(open)));
      } catch (error) {
        if (!isTooExpensive(error)) throw error;
        this.#tooSlow = open;
        return false;
      }
    }
    return true;
  }

  async findApart(): Promise<void> {
    const open = this.#tooSlow;
    if (open) this.#note(open, await this.schemas.checkApart(this.tenant, open.schema, this.#textsOf(open)));
  }

  /** Null where nothing speaks against it. */
  of(place: number): Verdict {
    return this.#found.get(place)?.verdict ?? null;
  }

  #open(reporters: Iterable<Reporter>, rules: ReadonlyMap<string, StatusRules>): Iterable<Open> {
    const open = new Map<string, Open & { places: number[] }>();
    for (const { type, places } of reporters) {
      const schema = type && rules.get(keyOfType(type))?.schema;
      if (!type || !schema) continue;
      const typeKey = keyOfType(type);
      for (const place of places) {
        if (this.#found.get(place)?.typeKey === typeKey || this.#dataOf(place) === null) continue;
        const known = open.get(typeKey);
        if (known) known.places.push(place);
        else open.set(typeKey, { type, schema, places: [place] });
      }
    }
    return open.values();
  }

  #note({ type, places }: Open, verdicts: readonly Verdict[]): void {
    for (const [index, place] of places.entries())
      this.#found.set(place, { typeKey: keyOfType(type), verdict: verdicts[index] ?? null });
  }

  #textsOf({ places }: Open): string[] {
    return places.map((place) => JSON.stringify(this.#dataOf(place)));
  }

  #dataOf(place: number): object | null {
    const report = this.submissions[place]?.report;
    return report?.kind === 'status' ? report.data : null;
  }
}
