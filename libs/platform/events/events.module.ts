import { Global, Module } from '@nestjs/common';
import { ChangedKeys } from './changed-keys.js';
import { EventHubs } from './event-hubs.js';
import { EventPages } from './event-pages.js';
import { EventPresenters } from './event-presenters.js';
import { EventWaits } from './event-waits.js';
import { EventsController } from './events.controller.js';
import { LiveEvents } from './live-events.js';
import { ShownEvents } from './shown-events.js';
import { StreamMarks } from './stream-marks.js';

/** The change log as a feed for whoever is outside. */
@Global()
@Module({
  controllers: [EventsController],
  providers: [
    ChangedKeys,
    EventHubs,
    EventPages,
    EventPresenters,
    EventWaits,
    LiveEvents,
    ShownEvents,
    StreamMarks,
  ],
  exports: [EventPresenters, LiveEvents],
})
export class EventsModule {}
