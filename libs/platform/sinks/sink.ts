import type { LoggedEvent } from '#platform/change-log';

/** Another replica runs the sink now, or nobody does: what this one wanted to note of it is not noted. */
export class SinkLost extends Error {
  constructor(name: string) {
    super(`This process does not run the sink ${name} any more.`);
  }
}

/** A place outside that the change log is delivered to: at least once, in order per aggregate. */
export interface SinkDeclaration {
  /** Unique in the installation: `kinesis`, or `webhook:<id>`. */
  readonly name: string;
  /** Of the `SinkKind` that runs it. */
  readonly kind: string;
  /** Whose it is, null for the installation's own. */
  readonly tenant: string | null;
  /** The streams that it is told, each a slug or `_shared`; `all` also those that are yet to come. */
  readonly streams: readonly string[] | 'all';
}

/** How sinks of one kind are run. */
export interface SinkKind {
  readonly kind: string;
  /** This replica, and no other, is to run the sink from now on. Must not throw and must not wait. */
  begin(sink: HeldSink): SinkRun;
  /** What waits to be delivered although the log was read up to the checkpoint, by the name of the sink; absent where nothing can. */
  backlog?(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Delivers one event that was put aside, now, whoever runs the sink. Gives null, or why it could not be; absent where nothing
   * is put aside.
   */
  redeliver?(event: LoggedEvent, name: string): Promise<string | null>;
}

/** A sink at work on this replica. */
export interface SinkRun {
  /** Something may have come in one of these streams, each a slug or `_shared`; null: in any. Must not throw and must not wait. */
  wake(streams: readonly string[] | null): void;
  /** Finishes what is under way, within some seconds, and begins nothing more; the checkpoint is then where it got to. */
  stop(): Promise<void>;
}

/** What a sink has while this replica runs it. All of its writes fail once another replica runs it. */
export interface HeldSink {
  readonly name: string;
  /** False as soon as another replica may run it: nothing is sent any more. */
  readonly isHeld: boolean;
  /** By stream: everything up to this revision is delivered. A stream that is missing starts at 0. */
  checkpoints(): Promise<ReadonlyMap<string, number>>;
  /**
   * Everything up to here is delivered, or is kept elsewhere to be delivered. Part of the open unit of work, if there is one.
   * @throws SinkLost
   */
  advance(checkpoints: ReadonlyMap<string, number>): Promise<void>;
  /** So many events, or one, were delivered: whatever was wrong is over. */
  succeeded(events?: number): void;
  /** Something could not be delivered now; it is tried again. For people, without secrets. */
  failed(reason: string): void;
  /** Puts aside what can never be delivered, and shows it; the rest goes on. @throws SinkLost */
  park(event: LoggedEvent, reason: string): Promise<void>;
}
