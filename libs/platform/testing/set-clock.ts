import { Clock } from '#shared-kernel';

/** A clock that stands where it was set. */
export class SetClock extends Clock {
  constructor(private at: Date) {
    super();
  }

  override now(): Date {
    return this.at;
  }

  setTo(at: Date): void {
    this.at = at;
  }
}
