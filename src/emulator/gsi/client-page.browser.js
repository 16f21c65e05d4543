// What the page says in HTML, and what it is given.
// https://developers.google.com/identity/gsi/web/reference/html-reference

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
