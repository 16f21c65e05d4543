import type { Question } from './symptom.js';

/** Asked about an error of several stages. */
export const whichRequest: Question = {
  ask: 'Did the request that failed send a refresh token (and not a code)?',
  about: [],
  yes: { flag: '--stage refresh', given: { stage: 'refresh' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};
/** Asked about an error of several stages. */
export const isInTesting: Question = {
  ask: 'Is the app in Testing (Cloud console, Audience)?',
  about: [],
  yes: { flag: '--publishing-status testing', given: { publishingStatus: 'testing' } },
  no: { flag: '--publishing-status production', given: { publishingStatus: 'production' } },
};
/** Asked about an error of several stages. */
export const isOnSignInPage: Question = {
  ask: 'Does Google’s own page show the error, before it sends the person back?',
  about: [],
  yes: { flag: '--stage signin-config', given: { stage: 'signin-config' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};
