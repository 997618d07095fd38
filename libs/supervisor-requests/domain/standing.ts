import type { Fact } from '#shared-kernel';
import type { Answer, RequestStatus, Response, StatusCode, SupervisorRequestState } from './request-state.js';

type Facts = Readonly<Record<string, Fact>>;

/** Pending, exactly as long as somebody is waited for. */
export const statusOf = (code: StatusCode): RequestStatus =>
  code === 'pending_response' ? 'pending' : 'not_pending';

/** What became of a request, as a program reads it. There is no `status`: in a refusal that is another one. */
export const standingOf = (state: SupervisorRequestState): Facts => ({
  status_code: state.statusCode,
  resolution: state.resolution,
  settled_at: state.settledAt?.toISOString() ?? null,
  response: state.response && responseFacts(state.response),
});

const responseFacts = ({ respondedBy, respondedAt, late, ...answer }: Response): Facts => ({
  ...answerFacts(answer),
  responded_by: respondedBy,
  responded_at: respondedAt.toISOString(),
  late,
});

/** `data` came as JSON, and is nothing else. */
const answerFacts = ({ text, decision, data }: Answer): Facts => ({ text, decision, data: data as Fact });
