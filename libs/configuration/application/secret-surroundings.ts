import type { Surroundings } from '../domain/secret-provider-settings.js';

/** The machine that the service runs on. An abstract class, so that it is also its injection token. */
export abstract class SecretSurroundings implements Surroundings {
  abstract readonly fileRoots: readonly string[];
  abstract isReserved(variable: string): boolean;
}
