import type { Usual } from './rule.js';

/** What tells a cause of the token endpoint, or of an ID token, from the others; a person can do it at once. */
const checks = {
  'access-revoked-by-user': 'https://myaccount.google.com/permissions no longer lists the app.',
  'access-token-as-id-token': 'The token that is verified starts with ya29.',
  'access-token-expired': 'The access token is over an hour old.',
  'access-type-offline-missing': 'The authorization request lacks access_type=offline: --auth-url.',
  'admin-policy': 'Only accounts of one Workspace are refused; its admin console blocks the app.',
  'audience-mismatch': 'Compare aud with the required client ID: gsac claims --id-token -.',
  'callback-seen-as-http':
    'The redirect_uri that is sent starts with http:, but the site uses https:.',
  'client-deleted': 'The console no longer lists the client.',
  'client-file-as-token-store': 'The token file begins with "installed" or "web".',
  'client-id-placeholder-or-unset': 'Print client_id where the program runs: it is empty.',
  'client-response-misread': 'Print the whole response once: the value is in another field.',
  'client-secret-missing': 'Print the body that is sent: it has no client_secret.',
  'client-secret-wrong': 'The secret belongs to another client: --probe --client <file>.',
  'clock-ahead': 'Compare `date -u` with https://time.is: this machine is ahead.',
  'clock-behind': 'Compare `date -u` with https://time.is: this machine is behind.',
  'code-already-redeemed': 'The server’s log shows the same code twice.',
  'code-double-encoded': 'The code that is sent starts with 4%25: --code.',
  'code-empty': 'Print the code before the exchange: it is empty.',
  'code-percent-encoded': 'The code that is sent starts with 4%2F, not with 4/: --code.',
  'code-placeholder-literal': 'The code that is sent is a name, not a value: --code.',
  'code-whitespace': 'The code that is sent is shorter than the one received: --code.',
  'custom-token-as-id-token': 'Its aud names identitytoolkit: gsac claims --id-token -.',
  'exchange-client-differs-from-code-client': 'Compare client_id in both requests: --auth-url.',
  'firebase-token-as-google': 'Its iss names securetoken: gsac claims --id-token -.',
  'full-redirect-url-pasted': 'The code that is sent starts with http: --code.',
  'google-token-as-firebase': 'Its iss is accounts.google.com: gsac claims --id-token -.',
  'html-instead-of-json': 'The response starts with <: print its status and its first line.',
  'id-token-expired': 'The token is over an hour old: gsac claims --id-token -.',
  'id-token-truncated': 'The token has fewer than three parts, or its end is missing.',
  'implicit-flow-used': 'The page asks for response_type=token, or uses initTokenClient.',
  'issuer-mismatch': 'Compare iss with the required issuer: gsac claims --id-token -.',
  'kid-unknown': 'A second attempt with newly fetched keys succeeds.',
  'local-reset-is-not-revocation': 'The account still lists the app, which was reset only here.',
  'offline-access-not-requested': 'The options ask for no offline access: --project <dir>.',
  'old-token-in-memory': 'The person has signed in again; it works after a restart.',
  'password-changed': 'The person changed the password; the app reads Gmail.',
  'proxy-not-used': 'The network reaches Google only through a proxy.',
  'redirect-uri-differs-between-legs': 'Compare redirect_uri in both requests: --auth-url.',
  'redirect-uri-must-be-empty': 'The code is from a phone’s SDK: --source ios or android.',
  'redirect-uri-must-be-postmessage': 'The code is from a popup: --source web-popup.',
  'refresh-client-mismatch': 'Another client got the token: sign in again with this one.',
  'refresh-token-absent': 'Print the stored token: it has no refresh_token.',
  'refresh-token-limit': 'The account has since signed in more than 100 times.',
  'refresh-token-omitted-repeat-consent': 'Remove the app from the account and sign in again.',
  'scope-declined-by-user': 'The response’s scope lacks a requested one: --granted-scope.',
  'service-account-gone': 'The console no longer lists it, or it is disabled.',
  'service-account-key-wrong': 'The key’s ID is not among its keys in the console.',
  'session-control-reauth': 'It fails after the same number of hours, in one Workspace only.',
  'sign-in-cancelled': 'The callback’s address has error= instead of code=.',
  'six-months-unused': 'The last refresh was 6 months ago: --token-age-days.',
  'testing-seven-days': 'The app is in Testing, and the token is a week old: --publishing-status.',
  'testing-token-kept-after-publishing': 'The token is older than the publication: sign in again.',
  'token-address-wrong': 'The exchange is not sent to https://oauth2.googleapis.com/token.',
  'token-key-of-wrong-kind': 'The verifier was given the client secret or a JWK as its key.',
  'token-request-malformed': 'Print the body that is sent: it is not one form-encoded string.',
  'token-revoked-by-own-call': 'The program calls /revoke or disconnect() at a sign-out.',
  'token-store-without-token': 'Print the token file: it is empty or lacks fields.',
  'userinfo-address-wrong': 'The address of the profile is not Google’s userinfo endpoint.',
  'wrong-certs-url': 'The keys do not come from https://www.googleapis.com/oauth2/v3/certs.',
  'wrong-value-as-code': 'The code that is sent starts with eyJ, ya29. or {: --code.',
} as const;

/** These causes, each with what tells it from others. */
export function withChecks(...causes: readonly (keyof typeof checks)[]): readonly Usual[] {
  return causes.map((cause) => ({ cause, check: checks[cause] }));
}

/** The same, of which the first is likely without more. */
export function mostlyFirst(...causes: readonly (keyof typeof checks)[]): readonly Usual[] {
  return withChecks(...causes).map((one, at) => (at === 0 ? { ...one, isUsual: true } : one));
}
