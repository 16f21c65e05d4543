import { withChecks } from './checks.js';
import {
  all,
  any,
  appIs,
  clientIs,
  errorIs,
  fact,
  maybeAt,
  mentions,
  not,
  rulesWith,
  says,
  stageIs,
  statusIs,
  told,
  unless,
} from './rule.js';

const expiration = 'https://developers.google.com/identity/protocols/oauth2#expiration';
const ownCall =
  /(oauth2|o\/oauth2|\.com)\/revoke|revoke(d)? (call|endpoint|request|method|button|function)|revokeToken|revokeCredentials|\bown (revoke|call)\b|(program|script|app|code|we|I|logout|test)[^.;]{0,40}(calls?|called|runs?|ran|did|does|sends?|sent)[^.;]{0,20}revok|answered success|(?<!expired or )revok\w[^.;]{0,40}(just before|earlier|itself|ourselves|by (our|the program|my)|succeeded)|(just|itself|ourselves|we|I) (had )?(revoked)/i;

const rapt =
  /invalid_rapt|rapt_required|reauth related error|(?<!account )reauth(entication)? (is )?(needed|failed)/i;

const fewDays =
  /(after|every|for|works?|lasts?|within) (only )?(a )?(few|couple of|several|some) days|(few|several) days later|every \w{1,10}( or so)? (days|weeks)\b/i;
const inTesting =
  /\btesting\b|test mode|\b(not|un)[- ]?(yet )?published|unverified app|(never|not|yet to be) (submitted for )?(verified|verification)|(skipped|missed|forg[eo]t|without|never|\bnot|n't)\b[^.;]{0,25}\bpublish/i;

/** A program that is started anew reads the token that it has stored since. */
const restartHelps =
  /\b(after|only|until)\b[^.;]{0,24}\b(restart\w{0,3}|(close|quit|exit)\w{0,2} and (re)?(open|start))\b|restart\w{0,3} (of )?(it|the (server|program|app|service|daemon|process))?[^.;]{0,20}(helps|works|fixes|solves)/i;

const sevenDays = /\b(7|seven)[- ]days?|\b(a|one|1|every|each) week\b/i;

/** The refresh token is of this age, in days. */
const aged = (from: number, to = Number.POSITIVE_INFINITY) =>
  fact(
    ({ tokenAgeDays: days }) =>
      days !== undefined &&
      days >= from &&
      days <= to &&
      `the refresh token is ${round(days)} days old`,
  );

/** Refresh tokens that are refused. */
export const refreshRules = rulesWith({ docs: expiration, stages: ['refresh'] }, [
  {
    cause: 'access-revoked-by-user',
    why: 'The person removed the app’s access, which revokes its refresh token.',
    fix: 'Have the person sign in again and exchange the new code.',
    stages: ['refresh', 'drive'],
    speaksFor: unless(
      mentions(
        /\b(users?|person|people|owner|they|I|he|she|customers?)\b[^.;]{0,40}(revoked|revoking|removed|removing|withdr[ae]w|disconnect)|revok\w{1,4} (in|at|from|through|via|on) (my )?google|remov(al|ed?|es|ing)\b[^.;]{0,30}\b(app|access)\b|after revoking/i,
        /(myaccount|permissions page|third[- ]party (access|apps)|security (page|checkup))[^.;]{0,40}(remov|revok|click|delet|disconnect)|(remov|revok|click|delet|disconnect)\w{0,6}[^.;]{0,40}(myaccount|permissions page|third[- ]party (access|apps)|security (page|checkup))/i,
      ),
      appIs('testing'),
    ),
    // A token ends by itself after seven days at the earliest.
    suggests: all(
      any(errorIs('invalid_grant'), says(/expired or revoked/i)),
      any(aged(0, 6.5), appIs('production')),
    ),
    rulesOut: told(ownCall),
    alike: withChecks('testing-seven-days', 'password-changed', 'token-revoked-by-own-call'),
  },
  {
    cause: 'testing-seven-days',
    why: 'While the app is External and in Testing, its refresh tokens expire after seven days.',
    fix: 'Publish the app (Cloud console, Audience), then have people sign in again. Or use only the scopes name, email, profile and openid.',
    speaksFor: [
      all(appIs('testing'), maybeAt('refresh', 'a refresh was refused')),
      aged(6.9, 9),
      fact(
        ({ statedLifetimeDays: days }) =>
          days !== undefined &&
          days > 6.5 &&
          days < 7.5 &&
          'Google gave it a lifetime of seven days',
      ),
      mentions(sevenDays, /\bweekly|168 hours|604[78]\d\d/i),
      // Nobody takes his access away every few days.
      told(fewDays, inTesting),
    ],
    fits: all(aged(9), appIs('testing')),
    rulesOut: [appIs('production'), aged(0, 6.5)],
    alike: withChecks('testing-token-kept-after-publishing', 'old-token-in-memory'),
  },
  {
    cause: 'testing-token-kept-after-publishing',
    why: 'The app was published, but this token dates from Testing and still expires after seven days.',
    fix: 'Sign in again, now that the app is published, and replace the stored token everywhere.',
    speaksFor: [
      told(
        /(publish|in production|to production|production now|testing)[^;]{0,90}(still|old|before|since|but|now|yet|same|again|day \d|cure|help)|did not (log|sign) in (anew|again)|(newly made|new|fresh) token (works|does not fail|lasts)|(token|old one|it|that)[^.;]{0,60}(from testing|predates|dates? from|made (in|while|before))/i,
      ),
      all(appIs('production'), aged(6.5, 9)),
    ],
    fits: [
      all(
        appIs('production'),
        told(
          /(old|previous|earlier|existing|same)[^.;]{0,40}token|token[^.;]{0,40}(before|old|earlier)/i,
        ),
      ),
      all(appIs('production'), mentions(sevenDays, /day (7|seven)/i)),
    ],
    rulesOut: appIs('testing'),
    alike: withChecks('testing-seven-days', 'old-token-in-memory'),
  },
  {
    cause: 'six-months-unused',
    why: 'A refresh token expires if it is not used for six months.',
    fix: 'Have the person sign in again, and refresh every stored token now and then (gsac refresh --all).',
    proves: fact(
      ({ unusedDays }) =>
        unusedDays !== undefined &&
        unusedDays >= 180 &&
        `it has not been used for ${round(unusedDays)} days`,
    ),
    speaksFor: [
      unless(
        aged(178),
        fact(({ unusedDays }) => unusedDays !== undefined && 'its last use is known'),
      ),
      mentions(
        /(six|6)[- ]months?|half a year|180 days|not (been )?used (for|since)\b|\bunused\b|\binactiv(e|ity)\b|\bidle\b|dormant|long time|n[o']t\b[^.;]{0,12} used\b[^.;]{0,24}(for|in) (a (while|year)|ages|months|years)|(very|quite) old\b|years? (ago|old)|last (successful )?(use|refresh|login)/i,
      ),
      told(
        /nobody (has )?(opened|used|touched|logged)|first (sync|use|run|login) (of|in|since|after)|(for|in) (most of|over) (a|the) year|last (used|opened|synced) in|since (last )?(spring|summer|autumn|winter|january|february|march|april|may|june)|came back after/i,
      ),
    ],
    fits: told(/\b(spring|summer|autumn|winter|last year|season(al)?)\b/i),
    rulesOut: [
      fact(
        ({ unusedDays }) => unusedDays !== undefined && unusedDays < 150 && 'it was used recently',
      ),
      // What ends a refresh token is no fault of the client.
      fact(
        ({ error }) => error !== undefined && error !== 'invalid_grant' && 'the error is another',
      ),
    ],
    alike: withChecks('testing-seven-days', 'access-revoked-by-user', 'password-changed'),
  },
  {
    cause: 'password-changed',
    why: 'The Google account’s password was changed, which revokes refresh tokens with certain scopes (including Gmail’s).',
    fix: 'Have the person sign in again and exchange the new code.',
    proves: mentions(
      /password[^.;]{0,40}(chang|reset|updat|rotat|new)|(chang|reset|updat|rotat)[^.;]{0,30}password|password change/i,
      /(new|another) password|password (expired|policy)|hacked|account (was )?(taken over|compromised)/i,
    ),
    alike: withChecks('access-revoked-by-user', 'testing-seven-days', 'session-control-reauth'),
  },
  {
    cause: 'refresh-token-limit',
    why: 'A client can have 100 refresh tokens for one person. Each newer one silently invalidates the oldest.',
    fix: 'Keep one refresh token and share it, instead of signing in again on every machine, deployment or test run.',
    proves: fact(
      ({ refreshTokensIssued }) =>
        refreshTokensIssued !== undefined &&
        refreshTokensIssued >= 100 &&
        `${refreshTokensIssued} refresh tokens have been issued since`,
    ),
    speaksFor: [
      all(
        mentions(/token|grant|sign|log|auth|consent/i),
        mentions(
          /\b(25|26|50|51|100|101)\b[^.;]{0,20}(refresh )?tokens?|tokens? [\w-]{1,60}_?1 to [\w-]{1,60}\d{1,20}|too many (refresh )?tokens|(oldest|first)( one| token)?( only)? (fails|stops|dies|invalid)|only the (first|oldest)(?! (time|login|sign))|limit (of|on|per)[^.;]{0,30}(token|user|client|account)|token limit|(many|several|multiple|each|every|dozens of|hundreds of|each of (our|the) \d{2,6}|\b(?![45]\d\d\b)\d{2,6})( \w{2,12})? (runners?|pods?|agents?|machines?|devices?|servers?|deploys?|logins?|sign-?ins?|test runs?|authori[sz]ations?|workers?)|re-?authori[sz]\w{1,40} (many|every|each|over)|(logs?|signs?) in (again )?(on )?every (?!hour|day|time|week|month)|(logs?|signs?|authori[sz]es|consents?)\b[^.;]{0,40}\b(every|each) (build|deploy\w{0,20}|run|test|machine|worker|container|pod|start|request|job|release)/i,
        ),
      ),
      told(
        /\d{1,20} times (a|per|each) (day|hour|week)|\b\d{2,20} (so far|tokens|times)|newest (tokens|ones)/i,
      ),
    ],
    alike: withChecks('testing-seven-days', 'access-revoked-by-user'),
  },
  {
    cause: 'session-control-reauth',
    why: 'The Workspace’s session control requires this person to sign in again.',
    fix: 'Sign in again (for application default credentials: gcloud auth application-default login). For unattended use, ask the administrator to exempt the app (Google Cloud session control), or use a service account.',
    docs: 'https://support.google.com/a/answer/9368756',
    stages: ['refresh', 'exchange', 'drive'],
    proves: unless(
      mentions(rapt),
      // Who has just signed in is not asked to do so again.
      told(restartHelps),
    ),
    speaksFor: [
      says(rapt),
      told(/session (control|length|duration)/i),
      told(/reauth|(every|after|for) (\d{1,20}|a few|few|some|several) hours|log(ging)? in again/i),
    ],
    alike: withChecks('old-token-in-memory', 'admin-policy'),
  },
  {
    cause: 'refresh-client-mismatch',
    why: 'The refresh does not use the client that got the refresh token.',
    fix: 'Refresh with the ID and secret of the client that the token was issued to. Store them together.',
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    speaksFor: [
      all(
        errorIs('unauthorized_client'),
        any(
          stageIs('refresh', 'a refresh was refused'),
          mentions(/refresh[_ -]?token|refresh(ing|ed)? (the )?(access )?token|--refresh-token/i),
        ),
        not(
          any(
            says(/using this method|(any of the|client or) scopes?/i),
            clientIs('service_account'),
          ),
        ),
      ),
      told(
        /(another|different|other|built-in|second|wrong|not the same)\b[^.;]{0,20}(client|credential)s?( ID)?|\bnew (oauth )?(client|credentials?|project)(?![a-z])|(deleted|replaced|recreated|re-created) (the|my|our) (old )?project|separate[^.;]{0,20} (service|server|app)\b|(client|credentials?)( file)? (anew|again|newly)|(generat|creat|download|replac|renew|chang|swap|updat)\w{1,4}[^.;]{0,20} (client ?(key|id|secret)?|credentials?)\b|\bI (changed|switched) (the |my |to another )?(google )?account\b|client[^.;]{0,30}(changed|replaced|switched|differs)|token (made|issued|obtained|created)[^.;]{0,30}(elsewhere|by another|for another)|(token|obtained|made|from)[^.;]{0,30}playground/i,
      ),
    ],
    alike: withChecks('client-secret-wrong', 'client-deleted', 'old-token-in-memory'),
  },
  {
    cause: 'refresh-token-absent',
    why: 'The refresh request has no refresh token: Google never gave one, or the program did not keep it.',
    fix: 'Store the refresh token of the first exchange. If it brought none, force consent and exchange again.',
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    proves: unless(
      says(
        /Missing required parameter: ?refresh_token|Can't create new access token for user|No (access,? )?(or )?refresh token(,? (or )?API key)?( or refresh handler callback)? is set|refresh token is not set|does not (provide|have|contain) a refresh token|refresh_token (is )?required|refresh token.{0,20}(must be passed|is missing|was not)|The credentials do not contain the necessary fields/i,
      ),
      told(restartHelps),
    ),
    speaksFor: [
      told(
        /overwr[io]t\w{0,4}[^.;]{0,30}refresh[_ ]?token|stores? (what|the (response|answer|result))[^.;]{0,30}refresh|\b(next|second) (one|refresh)\b[^.;]{0,16}(does not|doesn't|fails)/i,
      ),
      all(
        stageIs('refresh', 'a refresh was tried'),
        not(told(/first (time|login|sign-?in|consent|connection)/i)),
        mentions(
          /\b(no|null|undefined|empty|missing|without|lost|None)[^.;]{0,25}refresh[_ ]?token|refresh[_ ]?token[^.;]{0,25}(null|undefined|empty|missing|None|overwrit|lost|not (set|saved|stored|there|kept))/i,
        ),
      ),
    ],
    alike: withChecks(
      'refresh-token-omitted-repeat-consent',
      'access-type-offline-missing',
      'token-store-without-token',
    ),
  },
  {
    cause: 'token-store-without-token',
    why: 'The program’s token file exists, but no token was read from it: it is empty, has another format, or was never passed to the client.',
    fix: 'Delete the token file and sign in again. Then pass its content to the client (setCredentials, from_authorized_user_file) before the call.',
    docs: 'https://github.com/googleapis/google-api-nodejs-client#oauth2-client',
    stages: ['client-file', 'drive', 'refresh'],
    proves: says(
      /Authorized user info was not in the expected format, missing fields refresh_token\.|empty token found/i,
    ),
    // A client’s file has none of the fields at its top level.
    suggests: says(/Authorized user info was not in the expected format/i),
    speaksFor: [
      all(
        says(
          /No access,? (token,? )?(or )?refresh token|credentials do not contain the necessary fields|No refresh token is set/i,
        ),
        told(
          /token\.(json|pickle)( is| are)?( both)?( there| present)?|token (file|store)|stored token|setCredentials/i,
        ),
      ),
      all(
        says(/No access,? (token,? )?(or )?refresh token/i),
        fact(({ stage }) => stage !== 'refresh' && stage !== undefined && 'nothing was refreshed'),
      ),
    ],
    alike: withChecks('client-file-as-token-store', 'refresh-token-absent'),
  },
  {
    cause: 'old-token-in-memory',
    why: 'The person has signed in again, but the program still uses the old token: it read it when it started, or did not store the new one.',
    fix: [
      'Restart the program. If that does not help, delete its stored token (such as token.json) and sign in again.',
      'Make it read the stored token again after a sign-in and after an invalid_grant.',
    ],
    docs: expiration,
    stages: ['refresh', 'drive'],
    speaksFor: [
      told(restartHelps),
      told(
        /\b(new|another|fresh|anew|again)\b[^.;]{0,16}\b(grant|consent|sign(ed)?[ -]?in|log(ged)?[ -]?in|authori[sz]\w{1,6})\b[^.;]{0,30}((to |with )?no (success|avail|difference|effect)|same (error|message)|changes nothing|still fails)/i,
      ),
      mentions(
        /(gives?|gave|returns?|uses|still)\b[^.;]{0,20}\b(same|old|cached|stale) (access )?token/i,
      ),
      all(
        says(/expired or revoked|revoked or expired|No refresh token|invalid_grant/i),
        told(restartHelps),
      ),
    ],
    alike: withChecks('testing-seven-days', 'access-revoked-by-user', 'refresh-client-mismatch'),
  },
  {
    cause: 'refresh-token-damaged',
    why: 'The value sent as the refresh token is not the token that Google gave: it is cut off, encoded, quoted or another value.',
    fix: 'Compare it with the token from the exchange: it starts with 1// and has no spaces or quotes. Check the column’s length and the encryption.',
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    proves: says(
      /refresh_token=(1%252F|%22|%27|%20|ya29|eyJ|4%2F|4\/)|refresh_token["']?\s{0,4}[:=]\s{0,4}["']?(ya29|eyJ|4\/)/i,
    ),
    speaksFor: told(
      /refresh[_ ]?token[^.;]{0,60}(truncat|cut off|in quotes|white ?space|trailing|line ?break|url-?encod|%2F|wrong value|begins? with (4\/|ya29))|(truncat|cut|url-?encod)[^.;]{0,40}refresh[_ ]?token|access[_ ]?token[^.;]{0,30}(as|for|instead of)[^.;]{0,12}refresh[_ ]?token/i,
    ),
    fits: told(
      /(encrypt|decrypt|cipher|varchar|column)[^.;]{0,60}token|token[^.;]{0,60}(encrypt|decrypt|cipher|varchar|column)/i,
    ),
    alike: withChecks('refresh-client-mismatch', 'access-revoked-by-user'),
  },
  {
    cause: 'google-account-gone',
    why: 'The Google account itself was deleted, suspended or disabled.',
    fix: 'Mark the account as gone and let the person sign in with another one. Your program cannot repair this.',
    stages: ['refresh', 'exchange'],
    proves: [
      says(/account (has been|was|is) (deleted|disabled|suspended)|account (deleted|disabled)/i),
      told(
        /(google |user'?s? |their |employee'?s? |workspace )account[^.;]{0,20}(was|is|has been|got) (deleted|suspended|disabled|closed)|left the (company|organi[sz]ation)/i,
      ),
    ],
    alike: withChecks('access-revoked-by-user', 'admin-policy'),
  },
  {
    cause: 'token-revoked-by-own-call',
    why: 'The program itself (or another client in the same project) revoked the token, but kept its copy.',
    fix: 'Delete the stored token when you revoke it, and sign in again. Revoking an access token also revokes its refresh token.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke',
    stages: ['revoke', 'refresh', 'exchange', 'drive'],
    proves: [
      mentions(
        ownCall,
        /\bdisconnect\(\)|revokeAccess|revoke_token|revokeToken|GoogleSignin\.(revoke|disconnect)/i,
      ),
      told(
        /\/revoke\b/i,
        /\b(removed|disconnected|deleted|unlinked)\b[^.;]{0,12} (in|from|by|through) (the|our|my|this|another) (app|program|device)\b[^.;]{0,40}(other|also|both|too)\b/i,
      ),
    ],
    fits: [told(/still (holds|has|uses|contains)|kept|log ?out|sign ?out|disconnect/i)],
    rulesOut: [
      statusIs(404, 405),
      // The revocation itself was refused, so it is not what ended the token.
      all(stageIs('revoke', 'a token was being revoked'), statusIs(400), says(/revoke\?token=/i)),
      all(
        stageIs('revoke', 'a token was being revoked'),
        says(/\/revoke\S{0,5} [^;]{0,20}\b400\b|revo[^;]{0,40}(Bad Request|invalid_request)/i),
      ),
      fact(
        ({ stage, error }) =>
          stage === 'revoke' && error === 'invalid_token' && 'the token was already dead',
      ),
    ],
    alike: withChecks('access-revoked-by-user', 'refresh-token-limit'),
  },
]);

function round(days: number): string {
  return days < 10 ? String(Math.round(days * 10) / 10) : String(Math.round(days));
}
