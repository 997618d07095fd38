import { Injectable } from '@nestjs/common';
import { ChangeBus } from '#platform/change-log';

const KEY = 'platform.api_key';

/** Tells of keys that are not what they were, so that nobody who came with one goes on unseen. */
@Injectable()
export class ChangedKeys {
  constructor(private readonly bus: ChangeBus) {}

  /** The listener gets the actor as whom the key's bearer is known. */
  listen(listener: (actor: string) => void): void {
    this.bus.listen([KEY], (changes) => {
      for (const { type, subject } of changes) if (type !== 'created') listener(`key:${subject}`);
    });
  }
}
