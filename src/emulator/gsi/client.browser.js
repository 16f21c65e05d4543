// What https://accounts.google.com/gsi/client gives a web page: google.accounts.oauth2 and
// google.accounts.id, as Google documents them. It asks the origin that it was loaded from, and learns
// what a person decided by postMessage from Google's own pages in popups and frames.
// https://developers.google.com/identity/oauth2/web/reference/js-reference
// https://developers.google.com/identity/gsi/web/reference/js-reference
(() => {
  const google = new URL(document.currentScript?.src ?? 'https://accounts.google.com').origin;
  // biome-ignore lint/suspicious/noConsole: where Google's script says it
  const say = (level, text) => console[level](`[GSI_LOGGER]: ${text}`);

  /** The parameters that have a value, as a query. */
  const toQuery = (fields) =>
    new URLSearchParams(
      Object.entries(fields)
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => [name, String(value)]),
    );

  const newId = () => `auth${crypto.getRandomValues(new Uint32Array(1))[0]}`;

  // Messages of Google's pages, by the window that sends them.
  const listeners = new Map();
  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin === google && typeof data === 'object' && data !== null)
      listeners.get(source)?.(data);
  });

  /** Opens a popup; `answered` gets what it answers to this request, `failed` an error with a type. */
  function openPopup(url, id, answered, failed) {
    const fail = (type, text) => {
      say('warn', text);
      failed?.(Object.assign(new Error(text), { type }));
    };
    const left = Math.max(0, window.screenX + (window.outerWidth - 500) / 2);
    const top = Math.max(0, window.screenY + (window.outerHeight - 600) / 2);
    const features = `popup,width=500,height=600,left=${left},top=${top}`;
    const popup = window.open(url, 'g_signin_window', features);
    if (!popup || popup.closed) {
      fail(
        'popup_failed_to_open',
        `Failed to open popup window on url: ${url}. Maybe blocked by the browser?`,
      );
      return;
    }
    popup.focus();
    let wasClosed = false;
    const end = () => {
      clearInterval(timer);
      if (listeners.get(popup) === hear) listeners.delete(popup);
    };
    const timer = setInterval(() => {
      // Another request uses the same window now.
      if (listeners.get(popup) !== hear) return end();
      // What it said last may arrive after it was closed.
      if (popup.closed && wasClosed) {
        end();
        fail('popup_closed', 'Popup window closed');
      }
      wasClosed = popup.closed;
    }, 250);
    const hear = ({ id: answers, answer }) => {
      if (answers !== id) return;
      end();
      popup.close();
      answered(answer);
    };
    listeners.set(popup, hear);
  }

  // -- google.accounts.oauth2 --

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

  // -- google.accounts.id --

  let settings;
  /** Whether this page was told that it may not use the client. */
  let isRefused = false;
  /** The One Tap that is shown. */
  let shown;

  function initialize(config) {
    if (settings !== undefined) {
      say(
        'warn',
        'google.accounts.id.initialize() is called multiple times. This could cause unexpected behavior and only the last initialized instance will be used.',
      );
    }
    if (!config?.client_id) say('error', 'Missing required parameter: client_id.');
    settings = { ...config };
    isRefused = false;
  }

  const signInFields = (more) => ({
    client_id: settings.client_id,
    origin: window.location.origin,
    nonce: settings.nonce,
    login_hint: settings.login_hint,
    hd: settings.hd,
    context: settings.context,
    ...more,
  });

  /** Asks whether this page may sign people in with this client, and says so if not. */
  async function askStatus() {
    const query = toQuery({ client_id: settings.client_id, hd: settings.hd });
    const response = await fetch(`${google}/gsi/status?${query}`);
    const status = await response.json();
    if (status.error !== undefined && !isRefused) {
      isRefused = true;
      const isOrigin = status.error === 'unregistered_origin';
      say(
        'error',
        isOrigin
          ? 'The given origin is not allowed for the given client ID.'
          : 'The given client ID is not found.',
      );
    }
    return status;
  }

  const isSecure = window.isSecureContext ? '; Secure; SameSite=None' : '';

  /** The token of the double submit: in a cookie of the app's, and in what is posted to it. */
  function setCsrfToken() {
    const token = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    // biome-ignore lint/suspicious/noDocumentCookie: that is where apps look for it
    document.cookie = `g_csrf_token=${token}; Path=/${isSecure}`;
    return token;
  }

  const loginUri = () => settings.login_uri ?? window.location.href.split(/[?#]/)[0];

  /** Hands an ID token to the page's function or, without one, to its login endpoint. */
  function deliver(answer, state) {
    if (answer?.credential === undefined) return;
    writeState({});
    const { client_id } = settings;
    const response = { ...answer, client_id, ...(state ? { state } : {}) };
    if (settings.callback) {
      settings.callback({ clientId: client_id, ...response });
      return;
    }
    const form = document.createElement('form');
    form.method = 'POST';
    form.action = loginUri();
    form.hidden = true;
    for (const [name, value] of Object.entries({ ...response, g_csrf_token: setCsrfToken() })) {
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }

  function signIn(state) {
    if (settings.ux_mode === 'redirect') {
      const query = toQuery({
        ...signInFields({ ux_mode: 'redirect', login_uri: loginUri(), state }),
        g_csrf_token: setCsrfToken(),
      });
      window.location.assign(`${google}/gsi/select?${query}`);
      return;
    }
    const id = newId();
    const query = toQuery(signInFields({ ux_mode: 'popup', id }));
    openPopup(`${google}/gsi/select?${query}`, id, (answer) => deliver(answer, state));
  }

  function openFrame(path, query, title, size) {
    const frame = document.createElement('iframe');
    frame.src = `${google}${path}?${query}`;
    frame.title = title;
    Object.assign(frame.style, { border: '0', colorScheme: 'normal', ...size });
    return frame;
  }

  const heights = { large: 40, medium: 32, small: 20 };

  function renderButton(parent, options = {}, clickListener = options.click_listener) {
    if (settings === undefined) {
      say('error', 'Failed to render button before calling initialize().');
      return;
    }
    if (!parent) {
      say('error', 'Failed to render button because there is no parent or options set.');
      return;
    }
    const { type, theme, size, text, shape, logo_alignment, width } = options;
    const height = heights[size] ?? heights.large;
    const wide = Math.min(400, Math.max(Number(width) || 0, type === 'icon' ? height : 200));
    const query = toQuery({
      ...signInFields(),
      ...{ type, theme, size, text, shape, logo_alignment, width },
    });
    const frame = openFrame('/gsi/button', query, 'Sign in with Google Button', {
      width: `${wide}px`,
      height: `${height}px`,
    });
    parent.replaceChildren(frame);
    listeners.set(frame.contentWindow, ({ clicked }) => {
      if (clicked !== true) return;
      clickListener?.();
      signIn(options.state);
    });
    askStatus().catch(() => undefined);
  }

  // What Google's script remembers in a cookie of the app's: how often One Tap was closed and until when
  // it stays away, and that the person signed out.
  function readState() {
    const [, text] = /(?:^|; )g_state=([^;]*)/.exec(document.cookie) ?? [];
    try {
      return JSON.parse(decodeURIComponent(text ?? '{}')) ?? {};
    } catch {
      return {};
    }
  }

  function writeState(state) {
    const domain = settings?.state_cookie_domain;
    const text = encodeURIComponent(JSON.stringify({ i_l: 0, ...state }));
    // biome-ignore lint/suspicious/noDocumentCookie: that is where Google keeps it
    document.cookie = `g_state=${text}; Path=/; Max-Age=15552000; SameSite=Lax${domain ? `; Domain=${domain}` : ''}`;
  }

  const hour = 3_600_000;
  const coolDowns = [2 * hour, 24 * hour, 7 * 24 * hour, 28 * 24 * hour];

  function coolDown() {
    const level = Math.min(4, (Number(readState().i_l) || 0) + 1);
    writeState({ i_l: level, i_p: Date.now() + coolDowns[level - 1] });
  }

  function moment(type, reason, isDisplayed = false) {
    const isDisplay = type === 'display';
    return {
      getMomentType: () => type,
      isDisplayMoment: () => isDisplay,
      isDisplayed: () => isDisplayed,
      isNotDisplayed: () => isDisplay && !isDisplayed,
      getNotDisplayedReason: () => (isDisplay ? reason : undefined),
      isSkippedMoment: () => type === 'skipped',
      getSkippedReason: () => (type === 'skipped' ? reason : undefined),
      isDismissedMoment: () => type === 'dismissed',
      getDismissedReason: () => (type === 'dismissed' ? reason : undefined),
    };
  }

  async function prompt(listener) {
    const notify = (...what) => listener?.(moment(...what));
    endPrompt('dismissed', 'flow_restarted');
    if (!settings?.client_id) {
      say('error', 'Missing required parameter: client_id.');
      notify('display', 'missing_client_id');
      return;
    }
    const { i_p: awayUntil, i_t: isSignedOut } = readState();
    if (Number(awayUntil) > Date.now()) {
      notify('display', 'suppressed_by_user');
      return;
    }
    const own = { notify };
    shown = own;
    const status = await askStatus().catch(() => ({ error: 'unknown_reason' }));
    if (shown !== own) return;
    if (status.error !== undefined) {
      shown = undefined;
      notify('display', status.error);
      return;
    }
    const auto_select = settings.auto_select === true && !isSignedOut && status.auto;
    const parent = document.getElementById(settings.prompt_parent_id ?? '');
    const query = toQuery(signInFields({ auto_select }));
    const place = parent ? {} : { position: 'fixed', top: '20px', right: '20px', zIndex: 9999 };
    own.frame = openFrame('/gsi/iframe/select', query, 'Sign in with Google Dialog', {
      width: 'min(391px, calc(100vw - 40px))',
      height: '300px',
      ...place,
    });
    own.frame.id = 'credential_picker_iframe';
    (parent ?? document.body).append(own.frame);
    listeners.set(own.frame.contentWindow, ({ answer, closed }) => {
      if (closed === true) {
        coolDown();
        endPrompt('skipped', 'user_cancel');
        settings.intermediate_iframe_close_callback?.();
      } else if (answer !== undefined) {
        endPrompt('dismissed', 'credential_returned');
        deliver(answer);
      }
    });
    notify('display', undefined, true);
  }

  function endPrompt(type, reason) {
    const ending = shown;
    if (ending === undefined) return;
    shown = undefined;
    if (ending.frame) {
      listeners.delete(ending.frame.contentWindow);
      ending.frame.remove();
    }
    ending.notify(type, reason);
  }

  document.addEventListener('click', () => {
    const isKept = settings?.cancel_on_tap_outside === false || shown?.frame === undefined;
    if (!isKept) endPrompt('skipped', 'tap_outside');
  });

  const disableAutoSelect = () => writeState({ ...readState(), i_t: Date.now() });

  async function storeCredential(credential, done) {
    if ('PasswordCredential' in window) {
      await navigator.credentials.store(new window.PasswordCredential(credential)).catch(() => {});
    }
    done?.();
  }

  // -- HTML --

  /** The function that an attribute names: `handle`, `app.handle`. */
  const named = (name) => name?.split('.').reduce((object, part) => object?.[part], window);
  const isTrue = (text) => (text === undefined ? undefined : text === 'true');

  function readPage() {
    const onload = document.getElementById('g_id_onload');
    if (onload !== null) {
      const { callback, native_callback, auto_select, cancel_on_tap_outside, ...data } =
        onload.dataset;
      initialize({
        ...data,
        callback: named(callback),
        native_callback: named(native_callback),
        auto_select: isTrue(auto_select),
        cancel_on_tap_outside: isTrue(cancel_on_tap_outside),
      });
      const skip = `${data.skip_prompt_cookie}=`;
      const isSkipped = document.cookie
        .split('; ')
        .some((each) => each.startsWith(skip) && each !== skip);
      for (const element of document.querySelectorAll('.g_id_signin')) {
        const { click_listener, ...options } = element.dataset;
        renderButton(element, options, named(click_listener));
      }
      if (data.auto_prompt !== 'false' && !isSkipped) prompt(named(data.moment_callback));
    }
    for (const element of document.querySelectorAll('.g_id_signout')) {
      element.addEventListener('click', disableAutoSelect);
    }
  }

  window.google = { ...window.google };
  window.google.accounts = {
    ...window.google.accounts,
    oauth2: {
      initCodeClient,
      initTokenClient,
      hasGrantedAllScopes,
      hasGrantedAnyScope,
      revoke: (token, done) => void postRevocation({ token }, done),
    },
    id: {
      initialize,
      prompt: (listener) => void prompt(listener),
      renderButton,
      disableAutoSelect,
      storeCredential: (credential, done) => void storeCredential(credential, done),
      cancel: () => endPrompt('dismissed', 'cancel_called'),
      revoke: (login_hint, done) =>
        void postRevocation({ client_id: settings?.client_id, login_hint }, done),
    },
  };
  const start = () => {
    readPage();
    window.onGoogleLibraryLoad?.();
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
