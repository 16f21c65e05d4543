import { redirectTo, targetOf } from '../oauth/authorize-endpoint.js';
import { refusalPage } from '../oauth/authorize-pages.js';
import type { FaultContext, FaultDefinition, FaultHooks } from './model.js';
import { parameter, valueIn } from './parameters.js';

const ERRORS =
  'https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors';

/** Sends the person back to the app, as far as the app said where. */
function sendBack({ call }: FaultContext, answers: Readonly<Record<string, string>>): Response {
  const given = call.query.get('redirect_uri');
  const target = given !== null && URL.canParse(given) ? given : 'http://127.0.0.1/';
  return redirectTo(targetOf(call, target), { state: call.query.get('state'), ...answers });
}

/** Tells the person on a page; the app never learns of it. */
function onPage(error: string, sentence: string): FaultHooks {
  return { answer: () => refusalPage({ status: 403, error, sentence, details: [] }) };
}

/** Changes where the person is sent back to; a page stays as it is. */
function onRedirect(change: (target: URL) => void): FaultHooks {
  return {
    after: (_context, response) => {
      const location = response.headers.get('location');
      if (location === null) return response;
      const target = new URL(location);
      change(target);
      const headers = new Headers(response.headers);
      headers.set('location', target.href);
      return new Response(null, { status: response.status, headers });
    },
  };
}

/** What a person meets on the authorization page, or brings back from it. */
export const SIGN_IN_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'consent-denied',
    summary: 'The user cancels.',
    answers: 'access_denied',
    source: ERRORS,
    parameters: { error: parameter('text', 'error in the redirect (access_denied)') },
    answer: (context) =>
      sendBack(context, { error: valueIn(context.fault, 'error', 'access_denied') }),
  },
  {
    name: 'not-a-test-user',
    summary: 'The app is in testing; the user is no test user.',
    detail: 'The page tells the user; the app gets no answer.',
    answers: 'access_denied',
    source: 'https://support.google.com/cloud/answer/15549945',
    ...onPage(
      'access_denied',
      'The app has not completed the Google verification process. It is currently being tested, and can only be accessed by developer-approved testers.',
    ),
  },
  {
    name: 'org-internal',
    summary: 'The app is for its own organization only.',
    detail: 'The page tells the user; the app gets no answer.',
    answers: 'org_internal',
    source: ERRORS,
    ...onPage('org_internal', 'This app is restricted to users within its organization.'),
  },
  {
    name: 'wrong-state',
    summary: 'The redirect carries another state.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-10.12',
    ...onRedirect((target) => target.searchParams.set('state', 'another-state')),
  },
  {
    name: 'no-state',
    summary: 'The redirect carries no state.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-10.12',
    ...onRedirect((target) => target.searchParams.delete('state')),
  },
  {
    name: 'malformed-code-back',
    summary: 'The code in the redirect is encoded twice.',
    source: 'gerrit-oauth-provider#141',
    ...onRedirect((target) => {
      const code = target.searchParams.get('code');
      if (code !== null) target.searchParams.set('code', encodeURIComponent(code));
    }),
  },
];
