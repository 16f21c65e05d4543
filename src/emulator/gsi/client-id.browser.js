// google.accounts.id
// https://developers.google.com/identity/gsi/web/reference/js-reference

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
