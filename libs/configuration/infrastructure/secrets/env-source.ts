import type { EnvSettings, Surroundings } from '../../domain/secret-provider-settings.js';
import { SecretFailure } from './secret-source.js';
import type { FetchedSecret, SecretRequest, SecretSource } from './secret-source.js';

/** What the source reads. */
export interface EnvParts {
  readonly surroundings: Pick<Surroundings, 'isReserved'>;
  /** Null where it is not set. */
  readonly read: (name: string) => string | null;
}

/** Variables of the process, those alone that are listed. */
export class EnvSource implements SecretSource {
  constructor(
    private readonly settings: EnvSettings,
    private readonly parts: EnvParts,
  ) {}

  async fetch({ path: name, version }: SecretRequest): Promise<FetchedSecret> {
    if (version !== null) throw new SecretFailure('not_found', 'Variables have no versions.');
    if (!this.settings.names.includes(name) || this.parts.surroundings.isReserved(name))
      throw new SecretFailure('path_forbidden', 'The variable is not one of those that are listed.');
    const text = this.parts.read(name);
    if (text === null) throw new SecretFailure('not_found', 'The variable is not set.');
    return { text, fields: null, version: null };
  }

  async probe(): Promise<string> {
    const missing = this.settings.names.filter((name) => this.parts.read(name) === null);
    if (missing.length > 0) throw new SecretFailure('not_found', `Not set: ${missing.join(', ')}.`);
    return 'All variables are set.';
  }
}
