// google.accounts.oauth2
// https://developers.google.com/identity/oauth2/web/reference/js-reference

function require(config, ...names) {
  for (const name of names) {
    if (!config?.[name]) {
      const text = `Missing required parameter ${name}.`;
      throw Object.assign(new Error(text), { type: 'missing_required_parameter' });
    }
  }
}

function authorizeUrl(config, more) {
  const query = toQuery({
    gsiwebsdk: 3,
    client_id: config.client_id,
    scope: config.scope,
    ...more,
    include_granted_scopes: config.include_granted_scopes ?? true,
    enable_granular_consent: true,
    state: config.state,
    login_hint: config.login_hint ?? config.hint,
    hd: config.hd ?? config.hosted_domain,
    service: 'lso',
    o2v: 2,
    flowName: 'GeneralOAuthFlow',
  });
  return `${google}/o/oauth2/v2/auth?${query}`;
}

function authorizeInPopup(config, more) {
  const id = newId();
  const { protocol, host } = window.location;
  const relay = `storagerelay://${protocol.slice(0, -1)}/${host}?id=${id}`;
  const url = authorizeUrl(config, { redirect_uri: relay, ...more });
  openPopup(url, id, (answer) => config.callback(answer), config.error_callback);
}

function initCodeClient(config) {
  require(config, 'client_id', 'scope');
  const isRedirect = config.ux_mode === 'redirect';
  if (!isRedirect) require(config, 'callback');
  const more = {
    prompt: config.select_account ? 'select_account consent' : 'consent',
    access_type: 'offline',
    response_type: 'code',
  };
  return {
    requestCode() {
      if (!isRedirect) return authorizeInPopup(config, more);
      const redirect_uri = config.redirect_uri ?? window.location.href.split(/[?#]/)[0];
      return window.location.assign(authorizeUrl(config, { redirect_uri, ...more }));
    },
  };
}

function initTokenClient(config) {
  require(config, 'client_id', 'scope', 'callback');
  const callback = (answer) => {
    const seconds =
      answer.expires_in === undefined ? {} : { expires_in: Number(answer.expires_in) };
    config.callback({ ...answer, ...seconds });
  };
  return {
    requestAccessToken(overrides = {}) {
      const chosen = { ...config, ...overrides, callback };
      authorizeInPopup(chosen, {
        prompt: chosen.prompt ?? 'select_account',
        response_type: 'token',
      });
    },
  };
}

/** Answers name scopes in full. */
const fullScope = (scope) =>
  scope === 'email' || scope === 'profile'
    ? `https://www.googleapis.com/auth/userinfo.${scope}`
    : scope;
const hasGranted = (response, scope) =>
  (response?.scope ?? '').split(' ').map(fullScope).includes(fullScope(scope));
const hasGrantedAllScopes = (response, ...scopes) =>
  scopes.every((scope) => hasGranted(response, scope));
const hasGrantedAnyScope = (response, ...scopes) =>
  scopes.some((scope) => hasGranted(response, scope));

async function postRevocation(fields, done) {
  let answer;
  try {
    const response = await fetch(`${google}/gsi/revoke`, {
      method: 'POST',
      body: toQuery(fields),
    });
    answer = await response.json();
  } catch (error) {
    answer = { successful: false, error: String(error) };
  }
  done?.(answer);
}
