export { eventIdOf, fromEventType, toCloudEvent, toEventType } from './cloud-event.js';
export type { EventResponse } from './event.dto.js';
export { EventPresenters } from './event-presenters.js';
export type { EventPresenter } from './event-presenters.js';
export { EventsModule } from './events.module.js';
export { LiveEvents } from './live-events.js';
export type { Beginning, Followed } from './follower.js';
export { wantedBy } from './wanted.js';
export type { Wanted } from './wanted.js';
