// What https://accounts.google.com/gsi/client gives a web page: google.accounts.oauth2 and
// google.accounts.id, as Google documents them. It asks the origin that it was loaded from, and learns
// what a person decided by postMessage from Google's own pages in popups and frames.
//
// The files client-*.browser.js are the parts of one function; client-script.ts puts them together.

const google = new URL(document.currentScript?.src ?? 'https://accounts.google.com').origin;
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
  if (origin === google && typeof data === 'object' && data !== null) listeners.get(source)?.(data);
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
