/** What another context asks a person. */
export interface Question {
  /** A UUID that the asker keeps: asked again with it, nothing is asked twice. */
  readonly id: string;
  readonly tenant: string | null;
  readonly storeId: string;
  readonly kind: 'question' | 'approval' | 'alert';
  readonly question: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** 1 is the most urgent. */
  readonly priority: number;
  readonly timeoutSeconds: number;
  readonly assigneeTeamId: string | null;
  /** For example `system:budget-alerts`. */
  readonly requestedBy: string;
}

/** Where other contexts ask a person. An abstract class, so that it is also its injection token. */
export abstract class SupervisorDesk {
  /**
   * In a transaction of its own, or in the open one. The same id again changes nothing, whatever became of the request.
   * @throws InvalidInput
   */
  abstract ask(question: Question): Promise<void>;
}
