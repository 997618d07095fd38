/** Asks people about alerts that call for it. An abstract class, so that it is also its injection token. */
export abstract class AlertOpening {
  /** Begins with it, and does not wait for it. */
  abstract soon(): void;
}
