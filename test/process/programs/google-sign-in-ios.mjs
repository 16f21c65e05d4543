// A phone with Google's SDK for iOS, as far as the network sees it: the requests of GoogleSignIn-iOS 9,
// which sends them by AppAuth-iOS and GTMAppAuth, with their parameters and in their order, and what those
// check of the answers. The person is here, too: signs in and ticks on the pages.
//
//   node google-sign-in-ios.mjs sign-in|add-scopes|restore|disconnect '<options as JSON>'
//
// prints what the SDK would hand to the app, or its error. What the SDK keeps in the keychain is in phone.json.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const [action, given = '{}'] = process.argv.slice(2);
const options = JSON.parse(given);
const project = '407408718192';
const clientOf = (name, number = project) => `${number}-${name}.apps.googleusercontent.com`;
const {
  clientID = clientOf('iosphone00emulator0client0000001'),
  serverClientID = clientOf('webserver0emulator0client0000001'),
} = options;
const keychain = 'phone.json';
const random = () => randomBytes(32).toString('base64url');
const sdk = { gpsdk: 'gid-9.0.0', gidenv: 'ios-sim' };
const emm = { emm_support: '1', device_os: 'iOS 18.2' };
const requests = [];

/** Keeps what was asked, without values. */
function note(method, url, parameters) {
  const { origin, pathname } = new URL(url);
  requests.push(`${method} ${origin}${pathname} ${[...parameters.keys()].join(' ')}`);
}

const signs = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' };
const unescapeHtml = (text) => text.replace(/&(quot|#39|lt|gt|amp);/g, (_, name) => signs[name]);

/** ASWebAuthenticationSession: ends at the app's scheme, or never, where a page says no. */
async function openBrowser(url, scheme) {
  let answer = await fetch(url, { redirect: 'manual' });
  for (;;) {
    const location = answer.headers.get('location');
    if (location?.startsWith(`${scheme}:`)) return new URL(location);
    const page = await answer.text();
    if (answer.status >= 400) {
      const [, sentence, error] = /<p>(.*?)<\/p>[\s\S]*<b>Error (.*?)<\/b>/.exec(page) ?? [];
      throw { page: error, sentence: sentence && unescapeHtml(sentence) };
    }
    const form = new URLSearchParams();
    const [fields = ''] = /<form[\s\S]*?<\/form>/.exec(page) ?? [];
    for (const [, name, value] of fields.matchAll(/type="hidden" name="(.*?)" value="(.*?)"/g)) {
      form.append(name, unescapeHtml(value));
    }
    if (page.includes('Choose an account')) form.set('_user', options.user ?? 'tester@example.com');
    else {
      form.set('_consent', options.cancels ? 'cancel' : 'allow');
      for (const [, scope] of page.matchAll(/name="_grant" value="(.*?)"/g))
        form.append('_grant', scope);
    }
    answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  }
}

async function authorize({ scopes, loginHint }) {
  const scheme = clientID.split('.').reverse().join('.').toLowerCase();
  const redirectURL = options.redirectURL ?? `${scheme}:/oauth2callback`;
  const verifier = random();
  const [state, nonce] = [random(), random()];
  const url = new URL('https://accounts.google.com/o/oauth2/v2/auth');
  const parameters = {
    response_type: 'code',
    client_id: clientID,
    include_granted_scopes: 'true',
    ...(serverClientID && { audience: serverClientID }),
    ...(loginHint && { login_hint: loginHint }),
    ...(options.hostedDomain && { hd: options.hostedDomain }),
    ...(options.authTime && { claims: '{"id_token":{"auth_time":{"essential":true}}}' }),
    ...emm,
    ...sdk,
    redirect_uri: redirectURL,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  note('GET', url, url.searchParams);
  const back = await openBrowser(url, redirectURL.split(':')[0]);
  const answer = Object.fromEntries(back.searchParams);
  if (answer.state !== state) throw { error: 'State mismatch' };
  if (answer.error) throw { error: answer.error };
  return ask(
    {
      grant_type: 'authorization_code',
      redirect_uri: redirectURL,
      code: answer.code,
      ...(options.verifier !== '' && { code_verifier: options.verifier ?? verifier }),
      ...audience(),
      ...emm,
      ...sdk,
      client_id: clientID,
    },
    nonce,
  );
}

const audience = () => (serverClientID ? { audience: serverClientID } : {});

/** The token endpoint, and what AppAuth checks of an ID token. */
async function ask(parameters, nonce) {
  const body = new URLSearchParams(parameters);
  const url = 'https://oauth2.googleapis.com/token';
  note('POST', url, body);
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
  const response = await fetch(url, { method: 'POST', headers, body: body.toString() });
  const answer = await response.json();
  if (response.status !== 200) throw { status: response.status, ...answer };
  const idToken = claimsOf(answer.id_token);
  if (![idToken.aud].flat().includes(clientID) && idToken.azp !== clientID)
    throw { error: 'Audience mismatch' };
  const now = Date.now() / 1000;
  if (idToken.exp < now) throw { error: 'ID Token expired' };
  if (Math.abs(idToken.iat - now) > 600) throw { error: 'Issued at' };
  if (nonce && idToken.nonce !== nonce) throw { error: 'Nonce mismatch' };
  return answer;
}

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

/** The person's profile: of the ID token, else asked for. */
async function toUser({ access_token: token, id_token, scope }) {
  const idToken = claimsOf(id_token);
  const known = ['picture', 'name', 'given_name', 'family_name'].every((name) => idToken[name]);
  let profile = idToken;
  if (!known) {
    const url = new URL('https://www.googleapis.com/oauth2/v3/userinfo');
    url.searchParams.set('access_token', token);
    note('GET', url, url.searchParams);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    profile = await response.json();
  }
  const { aud, azp, sub, auth_time: authTime } = idToken;
  return {
    userID: sub,
    email: idToken.email,
    name: profile.name,
    grantedScopes: scope.split(' '),
    aud,
    azp,
    authTime,
  };
}

const load = () => {
  if (!existsSync(keychain)) throw { error: 'kGIDSignInErrorCodeHasNoAuthInKeychain' };
  return JSON.parse(readFileSync(keychain, 'utf8'));
};

/** @param kept what a refresh's answer does not bring. */
async function finish(answer, kept = {}) {
  writeFileSync(keychain, JSON.stringify({ ...kept, ...answer }));
  const { refresh_token, server_code } = answer;
  return {
    user: await toUser(answer),
    serverAuthCode: server_code ?? null,
    refreshToken: refresh_token !== undefined,
  };
}

const actions = {
  'sign-in': async () =>
    finish(
      await authorize({
        scopes: [...(options.scopes ?? []), 'email', 'profile'],
        loginHint: options.hint,
      }),
    ),
  async 'add-scopes'() {
    const { scope, id_token } = load();
    const scopes = [...new Set([...scope.split(' '), ...options.scopes])];
    return finish(await authorize({ scopes, loginHint: claimsOf(id_token).email }));
  },
  async restore() {
    const { refresh_token, ...before } = load();
    const answer = await ask({
      grant_type: 'refresh_token',
      refresh_token,
      ...audience(),
      ...emm,
      ...sdk,
      client_id: clientID,
    });
    const { server_code: _, ...kept } = before;
    return finish(answer, { ...kept, refresh_token });
  },
  async disconnect() {
    const { access_token: token } = load();
    const url = new URL('https://accounts.google.com/o/oauth2/revoke');
    for (const [name, value] of Object.entries({ token, ...sdk }))
      url.searchParams.set(name, value);
    note('GET', url, url.searchParams);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (response.status !== 200) throw { status: response.status, ...(await response.json()) };
    rmSync(keychain);
    return {};
  },
};

const result = await actions[action]().catch((thrown) => {
  if (thrown instanceof Error) throw thrown;
  return { failed: thrown };
});
process.stdout.write(`${JSON.stringify({ ...result, requests })}\n`);
