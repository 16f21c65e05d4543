// Runs in the pages of accounts.google.com that an app's page shows in a frame or opens in a popup.
// Each page says in the attributes of its root which origin may hear it, and what to say at once.
(() => {
  const { origin, message, submit } = document.documentElement.dataset;
  if (submit !== undefined) {
    document.forms[0].submit();
    return;
  }
  const isPopup = window.opener !== null;
  const app = isPopup ? window.opener : window.parent;
  const send = (what) => {
    if (app !== window && origin !== undefined) app.postMessage(what, origin);
  };
  for (const button of document.querySelectorAll('[data-send]')) {
    button.addEventListener('click', () => send({ [button.dataset.send]: true }));
  }
  if (message !== undefined) {
    send(JSON.parse(message));
    if (isPopup) window.close();
  }
})();
