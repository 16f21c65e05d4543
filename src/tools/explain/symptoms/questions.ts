import type { Finding } from '../../../core/diagnosis.js';
import type { Answer, Question } from './symptom.js';

/** Asked about an error of several stages. */
export const whichRequest: Question = {
  ask: 'Did the failed request send a refresh token (not a code)?',
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
  ask: 'Does Google’s own page show the error, before the person returns to the app?',
  about: [],
  yes: { flag: '--stage signin-config', given: { stage: 'signin-config' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};

const finding = (cause: string, verdict: Finding['verdict'], words: string): Answer['given'] => ({
  findings: [{ cause, verdict, words }],
});

/** Whether the certificate of this build is known to Google. */
export const isShaRegistered: Question = {
  ask: 'Is the SHA-1 of this exact build (from Play: of the app signing key) registered?',
  about: ['android-signing-cert-mismatch'],
  yes: {
    flag: '--notes "the SHA-1 is registered"',
    given: finding('android-signing-cert-mismatch', 'rules-out', 'the SHA-1 is registered'),
  },
  no: {
    flag: '--notes "the SHA-1 is another"',
    given: finding('android-signing-cert-mismatch', 'speaks-for', 'its SHA-1 is not registered'),
  },
};
/** Whether a cancelled sign-in was really cancelled. */
export const didClosePicker: Question = {
  ask: 'Did the person close the picker without choosing an account?',
  about: ['sign-in-cancelled'],
  yes: {
    flag: '--notes "the picker was closed"',
    given: finding('sign-in-cancelled', 'speaks-for', 'the picker was closed'),
  },
  no: {
    flag: '--notes "nobody cancelled it"',
    given: finding('sign-in-cancelled', 'rules-out', 'an account was chosen'),
  },
};
