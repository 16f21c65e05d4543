import { withChecks } from './checks.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  maybeAt,
  mentions,
  not,
  rulesWith,
  says,
  stageIs,
  told,
  unless,
} from './rule.js';

const verifying =
  'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken';
const segments = says(
  /(wrong|invalid) number of segments|not enough segments|(must|should) (have|consist of|contain) (three|3) (segments|parts)|jwt malformed|invalid (jwt|compact jws|token format)|not a (valid )?jwt|can'?t parse token|malformed (jwt|token)|Bad ID token|can'?t parse token (envelope|payload)|invalid token payload|Decoding Firebase ID token failed|unable to parse[^.;]{0,20} id_?token|can'?t parse (token|jwt)|JWT (string )?(must|should)|JsonWebSignature\$Parser/i,
);
const keyMissing = says(
  /certificate for key id|no pem found|\b(no|unable to find( a)?|could not find|cannot find|unknown|unrecogni[sz]ed)\b[^.;]{0,40}\b(signing )?(key|kid|pem|certificate|jwk)\b|kid[^.;]{0,30}(not found|unknown|no match|does not match|invalid)|no (matching|applicable) key|IDX1050[013]|\bMissingKey\b|NoMatchingKey|JWKSNoMatchingKey|matching cert|unable to lookup correct key/i,
);

/** It is Firebase's own verifier that refuses. */
const firebaseVerifier = says(
  /Firebase ID token|verify-id-tokens|firebase[-_ ]?admin|Firebase\\Auth|FirebaseAuth\b[^;]{0,20}verifyIdToken/i,
);

const googleNotFirebase =
  /accounts\.google\.com[^;]{0,60}\b(not|instead of|expect\w{0,3})\b[^;]{0,40}securetoken/i;
const sessionCookie = /session\.firebase\.google\.com/i;
/** The token is verified within seconds of the sign-in. */
const freshToken =
  /(just|freshly|newly) (issued|signed|obtained|logged)|(while|right after|directly after|immediately after|straight after) (logging|signing|the (login|sign-?in))|\b(brand[- ]new|fresh) (id[_ ]?)?token|(for )?(all|every) logins?\b/i;
const clockInDoubt = told(/\bclock\b|time ?zone/i, freshToken);

/** ID tokens that a verifier refuses, or accepts by mistake. */
export const idTokenRules = rulesWith({ docs: verifying, stages: ['verify'] }, [
  {
    cause: 'access-token-as-id-token',
    why: 'An access token was given to a verifier that accepts only ID tokens. An access token is not a JWT.',
    fix: 'Pass the id_token from the response (Google Identity Services: credential; Firebase: credential(idToken, accessToken), with null for the one that you lack).',
    proves: says(/id_?token["']?\s{0,4}[:=]\s{0,4}["']?ya29\b/i),
    speaksFor: [
      all(
        segments,
        fact(({ observed }) => !/found 2/i.test(observed) && 'it has too few parts'),
      ),
      any(
        told(
          /(field |property |the |an )access[_ ]?token|\baccess[_ ]?token\b[^.;]{0,50}(decod|verif|passed|given|sent|used|as)/i,
        ),
        all(
          says(/access[_ ]?token[^.;]{0,50}(decod|verif(?!y app)|passed|given|sent|used|\bas\b)/i),
          not(says(/refresh[_ ]token|(AUTH|SMTP|IMAP)\b/i)),
        ),
      ),
      all(told(/\baccess_?token\b/i), stageIs('verify', 'an ID token was verified')),
    ],
    fits: told(/oauth2:|GoogleAuthUtil|getToken\b|tokenResponse|useGoogleLogin/i),
    rulesOut: [
      told(/truncat|cut off|console|logcat|print/i),
      // The other way round: an ID token went where an access token belongs.
      mentions(/access_token=[^;]{0,30}\bid_?token|Invalid Credentials/i),
    ],
    alike: withChecks('id-token-truncated', 'token-key-of-wrong-kind'),
  },
  {
    cause: 'id-token-truncated',
    why: 'The ID token is incomplete: a console or log cut it off, usually before its signature.',
    fix: 'Send the token over the network instead of copying it. Consoles cut lines at about 1,000 or 4,000 characters.',
    speaksFor: [
      says(
        /found 2\b|only (two|2) (segments|parts)|signature (is )?(missing|empty)|unexpected end of/i,
      ),
      mentions(
        /truncat|cut (off|short)|incomplete\b|logcat|console\.log|debug(ger| console)|print\(|\bprint(ed)? (the |it|an? )|nslog|copied from|varchar|column|4000|102[34]/i,
      ),
    ],
    fits: [
      all(segments, maybeAt('verify', 'an ID token was verified')),
      told(/\b\d{3,4} char/i),
      says(/invalid (token )?signature|signature (is )?invalid/i),
    ],
    alike: withChecks('firebase-token-as-google', 'wrong-certs-url', 'access-token-as-id-token'),
  },
  {
    cause: 'audience-mismatch',
    why: 'The token’s aud is not the client ID that the verifier requires.',
    fix: 'Require the client ID that the app sets as its server client ID. If several apps sign in, list all of your client IDs.',
    proves: says(
      /wrong (recipient|audience)|client[-_ ]?id mismatch|audience[^.;]{0,40}(mismatch|!=|invalid|not match|does(n't| not) match|is not|unexpected|doesn't)|aud\b[^.;]{0,30}(mismatch|claim[^.;]{0,20}(invalid|check|not)|does(n't| not) match|unexpected|[!=]=)|jwt audience invalid|unexpected "?aud"?|InvalidAudience|not intended for|required ?audience/i,
      /invalid claim:? ["']?aud\b|not allowed to be used by this audience|Audience \(aud\) claim|acceptable identifier|(unacceptable|wrong|bad|invalid) audience|audience (provided )?(validation failed|rejected|not allowed)|IDX10214|InvalidAudError|AudienceMismatch|untrusted 'aud'|expected audience|invalid claims: ?\{(aud|azp)/i,
    ),
    speaksFor: [
      told(
        /(aud|audience)[^.;]{0,60}(ios|android|other|another|different|differs|web)|(verif|checks?|expects?)[^.;]{0,40}(another|other|wrong|ios|android) client/i,
        /not (among|in|one of)[^.;]{0,30} audiences?\b|setAudience|client ?id it works|(works|passes|succeeds)[^.;]{0,30}(without|only|empty|no)\b[^.;]{0,30}(client[ _]?id|audience)|(expects?|requires?|checks?)[^.;]{0,30}(aud|client)/i,
      ),
      all(told(/setAudience|audience\s{0,4}[:=(]|required audience/i), told(/\baud\b/i)),
      // Its aud is the playground’s own client.
      all(told(/token[^.;]{0,40}playground/i), stageIs('verify', 'an ID token was verified')),
    ],
    fits: told(/token of the (android|ios|web|other) app/i),
    // Firebase's words for another project.
    rulesOut: says(/audience is not for this project|not authorized to be used in the project/i),
    alike: withChecks('firebase-token-as-google', 'google-token-as-firebase'),
  },
  {
    cause: 'audience-not-checked',
    why: 'The verifier was given no audience by mistake, so it accepts tokens issued to any other client.',
    fix: 'Pass audience (spelled exactly like this), and test once that a wrong client ID is refused.',
    speaksFor: [
      mentions(
        /accepts? (it|the token|them|any|every|tokens|a|another)\b[^.;]{0,30}|audi?ance|audiences?:? (is )?(undefined|null|None)|bogus client|(passes|verifies|succeeds|valid)[^.;]{0,40}(anyway|any|wrong|bogus|other|another|without)|(without|no|missing|omit|forgot|not pass)[^.;]{0,25}(an? |the )?(audience|aud)\b|force my id token verification to fail/i,
        /(somebody|someone) else'?s|other (app|site|shop|client)'?s?|issued (for|to) (somebody|another|a different|other)|playground|(tokens?|any|all)[^.;]{0,60}(are|is) accepted/i,
      ),
      told(
        /verif(y|ies|ied|ication)[^;]{0,80}(get\(\)|None|nil|null|undefined|empty)|new Google\\?\\?_?Client\(\)|no (options|settings|arguments)/i,
      ),
    ],
    rulesOut: says(/wrong recipient|audience mismatch|\bfails\b/i),
  },
  {
    cause: 'clock-behind',
    why: 'The verifying machine’s clock is behind, so a fresh token seems to be issued in the future.',
    fix: 'Set the clock (timedatectl set-ntp true), and allow a leeway of a few seconds.',
    stages: ['verify', 'exchange', 'refresh'],
    proves: says(
      /used (too early|before issued)|short-lived token|reasonable timeframe|cannot handle token (with \w{1,40} )?prior to|BeforeValid|not yet valid|not valid yet|issued in the future|(iat|nbf)[^.;]{0,40}(future|later|ahead|too early|claim)|ImmatureSignature|NotBefore|before sign time|too far in the future|InvalidIatError|IDX10222|before use time|Invalid iat|JWT used before|not active yet|nbf[^.;]{0,20}(check failed|timestamp)|invalid claims: ?\{(iat|nbf)/i,
    ),
    speaksFor: [
      fact(
        ({ clockAheadSeconds }) =>
          clockAheadSeconds !== undefined &&
          clockAheadSeconds < -60 &&
          `this machine’s clock is ${Math.round(-clockAheadSeconds)} s behind Google’s`,
      ),
      all(
        any(
          all(errorIs('invalid_grant'), clientIs('service_account')),
          stageIs('verify', 'an ID token was verified'),
        ),
        told(
          /works? on (some|other|another|one|my|most)[^.;]{0,20} (server|machine|computer|host|PC|laptop)/i,
        ),
      ),
      told(/\b(issued_?At|iat|nbf)\b[^;]{0,40}(fail|after|future|ahead)/i),
      told(
        /\bclock\b(?![^.;]{0,30}\bahead\b)|\bNTP\b|time (is )?(off|wrong|skew|behind|slow)|system time|right after (issue|sign)|(virtual|docker|wsl|vm)[^.;]{0,20}(time|clock)/i,
      ),
    ],
    rulesOut: any(
      // A clock that is behind takes no token for an old one.
      says(/(id[_ ]?token|jwt|token)[^.;]{0,20}expired|TokenExpired|used too late|"?exp"? claim/i),
      fact(
        ({ clockAheadSeconds }) =>
          clockAheadSeconds !== undefined &&
          clockAheadSeconds >= -60 &&
          'this machine’s clock is not behind Google’s',
      ),
    ),
  },
  {
    cause: 'clock-ahead',
    why: 'The verifying machine’s clock is ahead (or set to another time zone), so a fresh token seems to be expired.',
    fix: 'Set the clock and the time zone (timedatectl set-ntp true). In a container or virtual machine, set those of its host.',
    stages: ['verify', 'exchange', 'refresh'],
    proves: fact(
      ({ clockAheadSeconds }) =>
        clockAheadSeconds !== undefined &&
        clockAheadSeconds > 300 &&
        `this machine’s clock is ${Math.round(clockAheadSeconds)} s ahead of Google’s`,
    ),
    speaksFor: [
      // An ID token is verified seconds after it is made, and lives an hour.
      unless(
        fact(({ observed }) => {
          const late = lateBy(observed);
          return late !== undefined && `by this clock it expired ${late} s ago`;
        }),
        told(/\b(stored|cached|saved|kept|old) (id[_ ]?)?token|next day|hours later/i),
      ),
      all(
        says(/used too late|expired/i),
        told(/clock|NTP|time ?zone|time (is )?(off|wrong|skew|ahead|fast)/i, freshToken),
      ),
    ],
    rulesOut: fact(
      ({ clockAheadSeconds }) =>
        clockAheadSeconds !== undefined &&
        clockAheadSeconds <= 60 &&
        'this machine’s clock is not ahead of Google’s',
    ),
    alike: withChecks('id-token-expired'),
  },
  {
    cause: 'firebase-token-as-google',
    why: 'The token is a Firebase ID token: securetoken signs it instead of Google sign-in, with another issuer and audience.',
    fix: 'Verify it with the Firebase Admin SDK, or send Google’s own ID token (credential.idToken) instead.',
    docs: 'https://firebase.google.com/docs/auth/admin/verify-id-tokens',
    speaksFor: mentions(
      /securetoken|firebase[^.;]{0,40}(token|getIdToken|auth\(\)|auth (user|sdk))|getIdToken\(|currentUser[^.;]{0,20}IdToken/i,
    ),
    suggests: all(
      says(
        /not verified as issued by Google|signature verification failed|invalid token signature|SignatureInvalid/i,
      ),
      told(/firebase/i),
    ),
    fits: says(/no pem found|certificate for key id|issuer/i),
    rulesOut: [
      firebaseVerifier,
      told(/jwks_?uri|Keys: ?\[/i, /session cookie|service_accounts\/v1\/jwk/i),
    ],
    alike: withChecks('google-token-as-firebase', 'wrong-certs-url', 'id-token-truncated'),
  },
  {
    cause: 'google-token-as-firebase',
    why: 'Google’s own ID token was given to Firebase’s verifier, which accepts only Firebase tokens.',
    fix: 'Sign in to Firebase with it (signInWithCredential) and send the user’s getIdToken(), or verify it as a Google sign-in token.',
    docs: 'https://firebase.google.com/docs/auth/admin/verify-id-tokens',
    proves: all(
      says(/firebase/i),
      says(
        /(but )?got "?(\S{0,80}\.apps\.googleusercontent\.com|(https:\/\/)?accounts\.google\.com|OAuth)/i,
      ),
    ),
    speaksFor: [
      unless(
        says(/Firebase ID token has (incorrect|no)\b/i),
        says(sessionCookie, /\baud\b[^;]{0,60}expected "[^"]{1,80}" but got "(?!\d)[\w-]{1,80}"/i),
      ),
      all(mentions(/issuer|\biss\b/i), told(googleNotFirebase)),
      told(
        /firebase[- _]?admin[^;]{0,80}(google|credential)|(google|credential)[^;]{0,80}firebase[- _]?admin|(credential|googleAuth|google)\S{0,80}\.idToken/i,
      ),
    ],
    suggests: all(
      firebaseVerifier,
      mentions(/invalid issuer|issuer is invalid|\bkid\b|GoogleIdTokenVerifier/i),
    ),
    rulesOut: unless(
      mentions(/securetoken|getIdToken\(|identitytoolkit|custom_?token/i),
      says(/(but )?got "?(https:\/\/)?accounts\.google\.com/i),
      told(googleNotFirebase),
    ),
    alike: withChecks('custom-token-as-id-token', 'firebase-token-as-google'),
  },
  {
    cause: 'custom-token-as-id-token',
    why: 'The token is a Firebase custom token, which only signs a client in. It is not an ID token.',
    fix: 'Have the client call signInWithCustomToken, and send the ID token of its getIdToken() to the server.',
    docs: 'https://firebase.google.com/docs/auth/admin/create-custom-tokens',
    proves: says(/google\.identity\.identitytoolkit|was given a custom token/i),
    speaksFor: told(/create_?Custom_?Token|\bcustom[_ ]?token\b/i),
    suggests: says(/\bkid['"\\]{0,2}[^.;]{0,24}missing|\bno ['"\\]{0,2}kid\b/i),
    alike: withChecks('google-token-as-firebase', 'access-token-as-id-token'),
  },
  {
    cause: 'session-cookie-as-id-token',
    why: 'The token is a Firebase session cookie. It has an issuer and keys of its own, and the verifier for ID tokens refuses it.',
    fix: 'Verify it with verifySessionCookie (Python: verify_session_cookie), or send the ID token from getIdToken() instead.',
    docs: 'https://firebase.google.com/docs/auth/admin/manage-cookies',
    proves: says(sessionCookie),
    speaksFor: told(/(create|verify)_?Session_?Cookie/i),
    alike: withChecks('google-token-as-firebase', 'custom-token-as-id-token'),
  },
  {
    cause: 'id-token-expired',
    why: 'The ID token was used after its exp. It is valid for one hour.',
    fix: 'Use the ID token right after the sign-in and keep your own session. To get a new one, refresh.',
    proves: unless(
      says(
        /used too late|(id[_ ]?token|jwt|signature)[^.;]{0,20}(has |is |have )?expired|TokenExpired|ExpiredSignature|exp[^.;]{0,20}(claim|timestamp)[^.;]{0,30}(fail|past|check)|ExpiredIdToken|\bJWT (is )?expired\b|Expired (JWT|token)\b|IDX10223|JWTExpired|invalid claims: ?\{exp/i,
      ),
      // Firebase supposes so of each key that it does not know.
      says(/now:? 1\d{9},? exp|does not correspond to a known public key/i),
      clockInDoubt,
    ),
    speaksFor: [
      all(
        says(/\btoken[^.;]{0,20}expired\b/i),
        stageIs('verify', 'an ID token was verified'),
        not(clockInDoubt),
      ),
      told(
        /an hour|one hour|60 minutes|expired|old token|stored (the )?(id )?token|cached (the )?(id )?token|next day|minutes later|\b(hours?|days?|weeks?) old\b/i,
      ),
    ],
    fits: says(/\btoken[^.;]{0,20}expired\b/i),
    // Of a refresh token, and of an access token, others say so.
    rulesOut: [
      stageIs('refresh', 'a refresh was refused'),
      says(
        /expired or revoked|(refresh|access)[_ ]?token[^.;]{0,20}expired|Crypto credential expired|invalid_grant|refresh[_ ]token is not set|cannot fetch token|maybe token expired/i,
      ),
    ],
    alike: withChecks('clock-ahead', 'access-token-expired'),
  },
  {
    cause: 'wrong-certs-url',
    why: 'The certificates at this address do not have the format (JWKS or PEM) or issuer that the verifier expects.',
    fix: 'Use https://www.googleapis.com/oauth2/v1/certs for PEM and https://www.googleapis.com/oauth2/v3/certs for JWKS. Firebase has its own.',
    speaksFor: [
      mentions(
        /oauth2\/v[1-3]\/certs|CERTS_URL|certs?_uri|(certs?|certificates?|jwks|keys?)[^.;]{0,25}(url|uri|address|endpoint|format)|jwks_uri|(url|address|endpoint)[^.;]{0,25}(certs?|certificates|jwks)|iap\/verify/i,
      ),
      told(/keys (from|of|at)\b|\/jwk\/|publicKeys|v[123] certs|x509/i),
    ],
    fits: all(keyMissing, maybeAt('verify', 'a signature was verified')),
    rulesOut: any(
      unless(told(/securetoken/i), told(/jwks_?uri|Keys: ?\[/i)),
      // Nobody answered at that address.
      says(
        /ETIMEDOUT|ENOTFOUND|ECONNRE|EAI_AGAIN|timed? ?out|unreachable|certificate has expired/i,
      ),
    ),
    alike: withChecks('firebase-token-as-google', 'kid-unknown', 'token-key-of-wrong-kind'),
  },
  {
    cause: 'kid-unknown',
    why: 'The token’s key ID is not among the verifier’s keys: Google rotated them, or the token has another issuer.',
    fix: 'Fetch the keys again, once, if a key ID is unknown, and check the token’s iss (gsac claims --id-token -).',
    fits: all(keyMissing, maybeAt('verify', 'a signature was verified')),
    suggests: all(
      keyMissing,
      told(
        /rotat|cached (keys?|certs?)|old keys|some (reports|users|devices|tokens)|sporadic|intermittent|worked (until|before|for|fine)|\b(since|until) (lately|yesterday|today|last)\b|restart/i,
      ),
    ),
    alike: withChecks('wrong-certs-url', 'firebase-token-as-google', 'id-token-truncated'),
  },
  {
    cause: 'nonce-mismatch',
    why: 'The nonce in the ID token is not the one that the verifier expects: only one side set it, or it was hashed once too often.',
    fix: 'Pass the same nonce to the sign-in and the verifier (Supabase: its SHA-256 to the SDK, the raw nonce to the verifier), or to neither.',
    stages: ['verify', 'exchange'],
    proves: says(
      /nonces? (mismatch|does(n'?t| not) match|do not match|(is )?invalid)|(invalid|mismatch|missing|unexpected|wrong) nonce|nonce in id_token should either both exist/i,
    ),
    fits: told(/\bnonce\b/i),
  },
  {
    cause: 'issuer-mismatch',
    why: 'The token’s iss is not the one that the verifier expects. Google writes it with https://, but without it in old tokens.',
    fix: 'Accept https://accounts.google.com and accounts.google.com, and check iss (gsac claims --id-token -): securetoken is Firebase’s.',
    stages: ['verify', 'exchange'],
    proves: says(
      /(wrong|invalid|incorrect|unexpected|untrusted) (token |jwt |claim:? )?(issuer|['"]?iss['"]?\b)|IDX10205|different provider|InvalidIssuer|IssuerMismatch|issuer[^.;]{0,20}(mismatch|invalid|incorrect|does(n'?t| not) match|is not)|iss claim[^.;]{0,30}(invalid|mismatch|not)|invalid claims: ?\{iss/i,
    ),
    speaksFor: told(
      /set_?issuer\b|\biss\b["']?( claim)?( in (it|the token))? ?(is|has|=|:) ?["'(]?(https?:\/\/)?accounts\.google\.com/i,
    ),
    // Even if it is denied: then Firebase is what is expected.
    rulesOut: fact(
      ({ observed, notes }) =>
        /securetoken|firebase/i.test(`${observed} ${notes}`) && 'Firebase has issuers of its own',
    ),
    alike: withChecks('google-token-as-firebase', 'firebase-token-as-google'),
  },
  {
    cause: 'token-key-of-wrong-kind',
    why: 'Google signs ID tokens with RS256 and its own keys. The client secret is not a key for them.',
    fix: 'Verify with Google’s public keys (https://www.googleapis.com/oauth2/v3/certs), and allow only RS256.',
    proves: says(
      /incorrect key for this algorithm|algorithm not (allowed|supported)|invalid algorithm|InvalidAlgorithm|alg[^.;]{0,30}(not allowed|mismatch)|Key may not be empty|secret ?Or ?Public ?Key must/i,
    ),
    speaksFor: [
      told(/\bHS256/i),
      told(
        /client[ _]?secret[^.;]{0,30}(key|verif|decod)|\b(key|verif|decod)[^.;]{0,40}client[ _]?secret/i,
      ),
    ],
    alike: withChecks('wrong-certs-url', 'access-token-as-id-token'),
  },
  {
    cause: 'hosted-domain-mismatch',
    why: 'The account does not belong to the domain that the program accepts (hd).',
    fix: 'Sign in with an account in that domain, or change the setting. hd in the request is only a hint: check the claim.',
    stages: ['verify', 'exchange', 'signin-config'],
    proves: says(
      /invalid hosted domain|hosted domain[^.;]{0,30}(mismatch|not (allowed|match|permitted)|invalid)|\bhd\b[^.;]{0,20}(mismatch|invalid|claim[^.;]{0,20}(missing|not))/i,
    ),
    speaksFor: told(/\bhd\b|hosted ?domain|allowed domains?/i),
  },
]);

/** By how many seconds a token's end has passed, where the text has both times. */
function lateBy(text: string): number | undefined {
  const found =
    /now:? (1\d{9}),? exp:? (1\d{9})/i.exec(text) ??
    /used too late, (1\d{9}) > (1\d{9})/i.exec(text);
  if (found === null) return undefined;
  const late = Number(found[1]) - Number(found[2]);
  return late > 0 ? late : undefined;
}
