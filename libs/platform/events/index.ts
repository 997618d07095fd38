export { EventPresenters } from './event-presenters.js';
export type { EventPresenter } from './event-presenters.js';
export { EventsModule } from './events.module.js';
