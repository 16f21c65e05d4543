import { withChecks } from './checks.js';
import { withoutRefreshToken } from './no-refresh-token.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  mentions,
  not,
  rulesWith,
  says,
  sourceIs,
  stageIs,
  statusIs,
  told,
  unless,
} from './rule.js';
import { scopeChange } from './scope-change.js';

const iosOffline = 'https://developers.google.com/identity/sign-in/ios/offline-access';
const mismatch = errorIs('redirect_uri_mismatch');

const sentEmpty = fact(
  ({ redirectUri }) => redirectUri === '' && 'the redirect URI was sent empty',
);
const sentPostmessage = fact(
  ({ redirectUri }) => redirectUri === 'postmessage' && 'postmessage was sent',
);

/** What contradicts itself: where the code is from and what was sent with it. */
const phoneWithAddress = fact(
  ({ source, redirectUri = '' }) =>
    (source === 'ios' || source === 'android') &&
    redirectUri !== '' &&
    `a phone’s code was sent with the redirect URI ${redirectUri}`,
);
const popupWithAddress = fact(
  ({ source, redirectUri }) =>
    source === 'web-popup' &&
    redirectUri !== undefined &&
    redirectUri !== 'postmessage' &&
    `a code from the popup was sent with the redirect URI ${redirectUri || '(empty)'}`,
);
/** The redirect URIs of the two requests, as far as both are known. */
const legsDiffer = fact(
  ({ authorization, redirectUri }) =>
    authorization?.redirectUri !== undefined &&
    redirectUri !== undefined &&
    authorization.redirectUri !== redirectUri &&
    `the authorization request has ${authorization.redirectUri}, the exchange ${redirectUri || '(empty)'}`,
);

/** The exchange of a code: redirect URI, PKCE, the request's form, and what it brings. */
export const exchangeRules = rulesWith(
  { docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3', stages: ['exchange'] },
  [
    {
      cause: 'redirect-uri-must-be-empty',
      why: 'Codes from a phone’s SDK are not bound to a redirect URI, so it must be sent empty.',
      fix: 'Send redirect_uri= with no value (gsac exchange --source ios or android does this).',
      docs: iosOffline,
      speaksFor: [
        all(mismatch, sourceIs('ios', 'android')),
        all(any(mismatch, errorIs('invalid_grant')), phoneWithAddress),
        // Sent as a popup's code, and refused: then it is none.
        all(says(/redirect_uri_mismatch/i), mismatch, sentPostmessage),
      ],
      fits: [
        all(
          fact(
            ({ redirectUri }) =>
              redirectUri !== undefined &&
              redirectUri !== '' &&
              `the redirect URI sent is ${redirectUri}`,
          ),
          sourceIs('ios', 'android'),
        ),
        told(
          /serverAuthCode|GIDSignIn|GoogleSignIn|play games|phone|(ios|android) (app|sdk)|postmessage/i,
        ),
      ],
      rulesOut: [
        sourceIs('web-redirect'),
        fact(
          ({ source, redirectUri }) =>
            source === 'web-popup' && redirectUri !== 'postmessage' && 'the source is another',
        ),
        // What was sent cannot be what is missing.
        sentEmpty,
        all(clientIs('installed'), mismatch),
      ],
      alike: withChecks(
        'redirect-uri-must-be-postmessage',
        'redirect-uri-differs-between-legs',
        'exchange-client-differs-from-code-client',
      ),
    },
    {
      cause: 'redirect-uri-must-be-postmessage',
      why: 'A code from the web popup flow is bound to the word postmessage, not to an address.',
      fix: 'Send redirect_uri=postmessage (gsac exchange --source web-popup does this).',
      docs: 'https://developers.google.com/identity/oauth2/web/guides/use-code-model',
      speaksFor: [
        all(mismatch, sourceIs('web-popup')),
        all(any(mismatch, errorIs('invalid_grant')), popupWithAddress),
        all(
          any(mismatch, errorIs('invalid_grant'), stageIs('exchange', 'a code was exchanged')),
          not(withoutRefreshToken),
          mentions(
            /storagerelay|ux_mode.{0,6}popup|\bpopup\b|initCodeClient|useGoogleLogin|grantOfflineAccess|(?<![/\w])GoogleLogin\b|react-google-login|gsi\/client|(java ?script|front-?end|client[- ]side|browser)[^.;]{0,30}\b(sign-?in|log-?in|gapi|library)\b[^.;]{0,40}\bcode\b[^.;]{0,40}(back-?end|server|API)\b/i,
          ),
        ),
        // Sent as a phone's code, and refused: then it is none.
        all(mismatch, sentEmpty),
        all(
          mentions(/redirect_?uri/i),
          sourceIs('web-popup'),
          fact(
            ({ error, redirectUri }) =>
              error === undefined && redirectUri !== 'postmessage' && 'there is no other error',
          ),
        ),
      ],
      rulesOut: [
        sourceIs('web-redirect'),
        sentPostmessage,
        fact(
          ({ source, redirectUri }) =>
            (source === 'ios' || source === 'android') &&
            redirectUri !== '' &&
            'the source is another',
        ),
      ],
      alike: withChecks(
        'redirect-uri-differs-between-legs',
        'code-already-redeemed',
        'exchange-client-differs-from-code-client',
      ),
    },
    {
      cause: 'redirect-uri-differs-between-legs',
      why: 'The redirect_uri in the token request must be exactly the one in the authorization request.',
      fix: 'Send the same redirect URI in both requests: scheme, host, port, path and trailing slash (gsac exchange --redirect-uri).',
      proves: all(legsDiffer, not(sourceIs('ios', 'android', 'web-popup'))),
      speaksFor: [
        told(
          /(token request|exchange|second (leg|request))[^.]{0,80}(differ|another (redirect|address|port)|other (redirect|address|port)|without|no redirect|slash|https?:|\bport\b|localhost|127\.)/i,
          /(redirect|callback)[_ ]?(ur[il]s?)?[^.;]{0,60}(differ|another|other|not the same|mismatch|unlike|changed|instead of|not set)/i,
          /(differ|another|other|not the same|unlike|mismatch|instead of)\b[^.]{0,60}redirect/i,
          /authori[sz]ation (request|url|leg)[^.]{0,80}(redirect|slash|port|https?:)/i,
          /(set|pass|need)[^.;]{0,20}redirect_?ur[il][^.;]{0,40}(before|in the (client|exchange|token))/i,
        ),
      ],
      // Of a code whose source nobody knows, a pop-up's and a phone's are as common.
      suggests: all(
        mismatch,
        stageIs('exchange', 'a code was exchanged'),
        fact(
          ({ source, redirectUri }) =>
            (source ?? redirectUri) !== undefined && 'its source or its redirect URI is known',
        ),
      ),
      fits: all(mismatch, stageIs('exchange', 'a code was exchanged')),
      // A phone's code, sent as one and refused, is none.
      rulesOut: unless(sourceIs('ios', 'android', 'web-popup'), all(mismatch, sentEmpty)),
      alike: withChecks(
        'redirect-uri-must-be-postmessage',
        'callback-seen-as-http',
        'redirect-uri-must-be-empty',
      ),
    },
    {
      cause: 'redirect-uri-absent-in-exchange',
      why: 'The token request has no redirect_uri, or an empty one, but the code is bound to an address.',
      fix: 'Send the redirect URI of the authorization request with the exchange too (Socialite, Passport and others read it from a setting: check its name).',
      proves: all(
        says(/Missing (required )?parameter: ?redirect_uri|redirect_uri (is )?(missing|required)/i),
        stageIs('exchange', 'a code was exchanged'),
      ),
      speaksFor: fact(({ observed, notes }) => {
        const text = `${observed} ${notes}`;
        return (
          /grant_type/i.test(text) &&
          /client_secret/i.test(text) &&
          /authorization_code|\bcode,/i.test(text) &&
          !/redirect|callback|refresh|postmessage/i.test(text) &&
          'the token request has no redirect_uri'
        );
      }),
      rulesOut: sourceIs('ios', 'android'),
      alike: withChecks('redirect-uri-must-be-postmessage', 'token-request-malformed'),
    },
    {
      cause: 'token-request-malformed',
      why: 'The body of the token request is empty, is JSON, or is not one form-encoded string.',
      fix: 'POST one application/x-www-form-urlencoded string: name=value pairs, with each value encoded, joined with &.',
      stages: ['exchange', 'refresh'],
      proves: [
        says(
          /Invalid JSON payload|Unexpected token\.\s{0,4}\\?n?client_id|Missing required parameter: ?grant_type\b|Required parameter is missing: ?grant_type|Invalid grant_type: ?(["'}]|$)|unsupported_grant_type|grant_type (is )?(not (stated|set|specified|given)|missing|required)/im,
        ),
        told(/arg_separator|&amp;/i),
      ],
      speaksFor: told(
        /content-?type|(JSON|empty) body|body (is )?(empty|json|missing)|JSON\.stringify|line ?breaks?.{0,20}(in|inside)|form[- ]?encod|multipart|as json/i,
      ),
      // One field is missing: the body may be malformed, or the code was empty.
      suggests: says(/Missing required parameter: ?code\b/i),
      fits: all(errorIs('invalid_request', 'unsupported_grant_type'), statusIs(400)),
      rulesOut: says(
        /Missing required parameter: ?(refresh_token|client_id)|client_secret is missing|out-of-band/i,
      ),
      alike: withChecks('code-empty', 'client-id-placeholder-or-unset', 'client-secret-missing'),
    },
    {
      cause: 'token-address-wrong',
      why: 'The code is sent to an address that is not Google’s token endpoint, such as the authorization endpoint.',
      fix: 'Send it to https://oauth2.googleapis.com/token (the setting is often called token_uri, token_url or token endpoint).',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code',
      stages: ['exchange', 'refresh'],
      proves: all(
        says(/(Required parameter is missing|Missing required parameter): ?response_type/i),
        stageIs('exchange', 'a code was exchanged'),
      ),
      speaksFor: [
        mentions(/accounts\.google\.com\/(o\/oauth2\/v\d\/token|oauth2?\/(v\d\/)?token)/i),
        says(/Error 40[0-9] \((Not Found|Bad Request|Method Not Allowed)\)!!1/i),
        all(statusIs(404, 405), stageIs('exchange', 'a code was exchanged')),
      ],
      alike: withChecks('html-instead-of-json', 'token-request-malformed'),
    },
    {
      cause: 'scope-in-token-request',
      why: 'The token request has a scope parameter, which Google accepts only in the authorization request.',
      fix: 'Remove scope from the request that exchanges the code, and ask for the scopes in the authorization request (AppAuth: no scope in the TokenRequest).',
      stages: ['exchange'],
      proves: says(/Scope parameter is not supported on an authorization code/i),
    },
    {
      cause: 'code-empty',
      why: 'The token request has no code: the variable was empty, or the code has another name.',
      fix: 'Print the code before the request. A web response has it in code, a phone’s sign-in in serverAuthCode. credential is an ID token, not a code.',
      stages: ['exchange', 'code-input'],
      speaksFor: [
        says(
          /Missing required parameter: ?code\b|Missing authorization code|missing_code|InvalidArgumentException: Invalid code\b/i,
        ),
        mentions(
          /[?&'"\s]code=(&|["'\s]|$)|["']?\b(?<!status )code["']?[^.;,\d]{0,30}(is |was |= ?|: ?)(undefined|null|None|nil|empty|''|"")|(undefined|null|empty|no) code\b|MissingCode/i,
        ),
      ],
      rulesOut: told(/content-?type|JSON body|as json|empty body/i),
      alike: withChecks('sign-in-cancelled', 'token-request-malformed'),
    },
    {
      cause: 'granted-scopes-differ',
      why: 'Google returned more scopes than were requested, or other names for them, and the library treats that as an error. The tokens are valid.',
      fix: 'Ask for the full scope names and for openid, remove include_granted_scopes, or set OAUTHLIB_RELAX_TOKEN_SCOPE=1 and compare the scopes yourself.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth',
      proves: fact(({ observed }) => {
        const change = scopeChange(observed);
        return (
          change !== undefined &&
          change.lost.length === 0 &&
          `no requested scope is missing; granted in addition: ${change.gained.join(', ') || 'none'}`
        );
      }),
      speaksFor: fact(
        ({ observed }) =>
          /Scope has changed/i.test(observed) &&
          scopeChange(observed)?.lost.length !== 0 &&
          'the library treats scopes other than the requested ones as an error',
      ),
      suggests: all(
        says(/Scope has changed/i),
        told(
          /before|existing|earlier|already|changed|added|new scope|include_granted_scopes|openid/i,
        ),
      ),
      alike: withChecks('scope-declined-by-user'),
    },
    {
      cause: 'client-response-misread',
      why: 'The call succeeded, but the program reads the response from the wrong field.',
      fix: 'Print the whole response once. In Node’s googleapis, the body is res.data, and getToken returns { tokens }.',
      docs: 'https://github.com/googleapis/google-api-nodejs-client#getting-started',
      stages: ['drive', 'exchange', 'refresh', 'verify'],
      speaksFor: [
        says(
          /\b(res|resp|response|result|data|body|tokens?)\??\.?\w{0,20}\.(files|items|tokens?|access_token|refresh_token|data|result|id_token)\b[^.]{0,40}(is|are|was) (always |each time )?(undefined|null|empty)|(undefined|null)[^.]{0,60}\b(res|response|result)\.\w{1,40}|Cannot read propert(y|ies)[^.]{0,60}(files|forEach|length|map|access_token|tokens)|['"]?NoneType['"]? object.{0,30}(files|get)/i,
          /\b\w{0,20}(res|resp|response|result|data)\w{0,20}\.\w{1,40} (is|was) (undefined|null)|_bodyBlob|_bodyInit|\[object (Object|Promise|Response)\]|Promise \{/i,
        ),
        told(
          /res\.data|no err(or)?\b|(status|answer|response) (is )?(200|ok|successful)|wrong field/i,
        ),
        all(statusIs(200), says(/undefined|null|None|nil/), not(withoutRefreshToken)),
      ],
      fits: told(/\.data\b|\b200\b|\bawait\b/i),
      // An empty list was read where it stands.
      rulesOut: says(/["']files["']\s{0,4}:\s{0,4}\[\s{0,4}\]/i),
      alike: withChecks('refresh-token-omitted-repeat-consent', 'access-type-offline-missing'),
    },
    {
      cause: 'html-instead-of-json',
      why: 'The endpoint returned an HTML page (a temporary failure, a wrong address or a proxy), and the client parses it as JSON.',
      fix: 'Check the status before parsing. After a 5xx, retry with pauses; otherwise check the address and the proxy.',
      docs: 'https://developers.google.com/workspace/drive/api/guides/handle-errors#exponential-backoff',
      stages: ['exchange', 'refresh', 'drive', 'verify'],
      speaksFor: says(
        /<!doctype html|<html|Unexpected token '?<|invalid character '<'|Unexpected character.{0,20}<|text\/html.{0,40}(parse|json)|(json|parse).{0,40}html|Syntax ?Error.{0,40}JSON|Expecting value: line 1 column 1/i,
      ),
      fits: [
        all(statusIs(500, 502, 503, 504), mentions(/html|json|pars(e|ing)|web page|</i)),
        told(/sporadic|intermittent|html|web page|sometimes/i),
      ],
      rulesOut: says(/automated queries|unusual traffic/i),
      alike: withChecks('token-address-wrong', 'userinfo-address-wrong', 'proxy-not-used'),
    },
  ],
);
