import { Global, Module } from '@nestjs/common';
import { EventPresenters } from './event-presenters.js';
import { EventsController } from './events.controller.js';
import { LiveEvents } from './live-events.js';

/** The change log as a feed for whoever is outside. */
@Global()
@Module({
  controllers: [EventsController],
  providers: [EventPresenters, LiveEvents],
  exports: [EventPresenters, LiveEvents],
})
export class EventsModule {}
