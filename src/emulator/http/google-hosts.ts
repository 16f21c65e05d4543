import type { Call } from './call.js';
import { isForGoogle } from './paths.js';
import { apiError, htmlNotFound } from './respond.js';

/** Google's hosts that the emulator answers for, whatever leads their requests here. */
const SERVED_HOSTS: readonly string[] = [
  'accounts.google.com',
  'www.google.com',
  'oauth2.googleapis.com',
  'openidconnect.googleapis.com',
  'www.googleapis.com',
  'risc.googleapis.com',
  'drive.googleapis.com',
  'content.googleapis.com',
];

/** Roots of the addresses in answers, without a slash at the end. */
export interface Roots {
  readonly web: string;
  readonly accounts: string;
  readonly oauth2: string;
  readonly openid: string;
  readonly apis: string;
}

/** Those of Google itself. */
export const GOOGLE: Roots = {
  web: 'https://www.google.com',
  accounts: 'https://accounts.google.com',
  oauth2: 'https://oauth2.googleapis.com',
  openid: 'https://openidconnect.googleapis.com',
  apis: 'https://www.googleapis.com',
};

/** What the addresses in an answer begin with: Google's own where a program asked Google. */
export function rootsFor(call: Call, origin: string): Roots {
  return isForGoogle(call) ? GOOGLE : rootsAt(origin);
}

/** Those of an emulator. */
export function rootsAt(origin: string): Roots {
  return { web: origin, accounts: origin, oauth2: origin, openid: origin, apis: origin };
}

/** Refuses a request to a host of Google's that the emulator does not have; undefined for the others. */
export function refuseHost(call: Call): Response | undefined {
  const isServed = !isForGoogle(call) || SERVED_HOSTS.includes(call.url.hostname);
  return isServed ? undefined : notEmulated(call);
}

/** Answers a path or a method that no route takes: what Google has there may be just what is missing. */
export function answerAsGoogle(call: Call): Response {
  const mayBeThere = ['drive', 'gsi', 'other'].includes(call.family);
  return mayBeThere ? notEmulated(call) : htmlNotFound(call.path);
}

/** Says, in the form that Google's libraries read, that something of Google's is not emulated. */
function notEmulated({ method, path, url }: Call): Response {
  return apiError({
    code: 501,
    message: `gsac's emulator does not have ${method} https://${url.hostname}${path}. Nothing was sent to Google.`,
    reason: 'notImplemented',
    status: 'UNIMPLEMENTED',
  });
}
