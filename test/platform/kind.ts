import type { Facts } from './openapi-walk.js';

/** A kind of resource that a walk of the document has to find. Each context tells its own in test/<context>/kinds.ts. */
export interface Kind {
  /** The beginning of the paths that are about it; of several, the longest counts. */
  readonly about: string;
  readonly collection: string;
  /** What is sent to make one: nothing else has `name`, and `text` stands wherever it can. */
  body(name: string, text: string, others: Others): object | Promise<object>;
  /** Where one comes of a file: what that is and is asked for with, and `body` as its text. */
  readonly file?: {
    readonly type: string;
    readonly query: Readonly<Record<string, string>>;
    text(body: any): string;
  };
  /** What is known of one, by the names of parameters and properties. */
  facts(resource: any, others: Others): Facts | Promise<Facts>;
  /** Made by the administrator of the installation alone, for all tenants, and with no text that anybody might see. */
  readonly ofInstallation?: true;
  /** Where it belongs to all, those who are bound to a tenant do not even learn of it. */
  readonly hiddenWhenShared?: true;
}

/** What has to be there before something else can be made. */
export interface Others {
  /** A resource of another kind, by its collection, of the same tenant; the same one whenever it is asked for. */
  one(collection: string): Promise<any>;
  /** Asks the service in the same name: for what comes about by itself. */
  ask(method: 'GET' | 'POST', path: string): Promise<any>;
}
