import type { Steps } from '../step.js';

export const SUPERVISOR_STEPS: Steps = {
  createSupervisorRequest: [
    { body: { callback_url: 'https://callbacks.invalid/answers' } },
    { name: 'Create the supervisor request that is cancelled', as: 'cancelledRequest' },
  ],
  patchSupervisorRequest: { body: { priority: 1 } },
  escalateSupervisorRequest: { rank: 50, body: { priority: 2 } },
  claimSupervisorRequest: { rank: 51 },
  renewSupervisorRequestClaim: { rank: 52 },
  releaseSupervisorRequestClaim: { rank: 53 },
  respondToSupervisorRequest: { rank: 54, body: { text: 'Yes' } },
  cancelSupervisorRequest: { rank: 55, as: 'cancelledRequest', path: { id: '{{cancelledRequestId}}' } },
  getSupervisorRequestCallback: { rank: 56 },
  listSupervisorRequestHistory: { rank: 57 },
  createStoreSupervisorRequest: { as: 'storeRequest' },
  deleteSupervisorRequest: [{}, { as: 'cancelledRequest', path: { id: '{{cancelledRequestId}}' } }],
};
