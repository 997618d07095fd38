import { Global, Module } from '@nestjs/common';
import { EventPresenters } from './event-presenters.js';
import { EventsController } from './events.controller.js';

/** The change log as a feed for whoever is outside. */
@Global()
@Module({ controllers: [EventsController], providers: [EventPresenters], exports: [EventPresenters] })
export class EventsModule {}
