import type { ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';
import type { ConfigurationView } from './configuration.queries.js';

/** Which of an owner's configurations; null is all of them. */
export interface Owned {
  /** Whose they are themselves; null is what is shared. */
  readonly tenant: string | null;
  readonly services: readonly ServiceId[] | null;
  readonly environment: EnvironmentName | null;
  readonly name: ConfigurationName | null;
}

/** Reads configurations owner by owner. An abstract class, so that it is also its injection token. */
export abstract class OwnedConfigurations {
  /** Active or not, with a window or not; by service, name, environment and id, some at a time. */
  abstract all(owned: Owned): AsyncIterable<ConfigurationView>;
}
