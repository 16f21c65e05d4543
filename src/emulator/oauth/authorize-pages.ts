import type { EmulatorUser } from '../state/model.js';
import { BASIC_SCOPES } from '../state/scopes.js';
import type { AuthorizeRefusal, AuthorizeRequest } from './authorize-request.js';
import { escapeHtml, hidden, htmlPage } from './html-page.js';

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem; border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .5rem; overflow-wrap: anywhere; }
.note { max-width: 30rem; margin: 0 auto 1rem; font-size: .875rem; }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3; font-weight: 600; }
p { margin: 0 0 1rem; }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid color-mix(in srgb, CanvasText 45%, Canvas); border-radius: .375rem; background: Canvas; color: CanvasText; cursor: pointer; }
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
button.main { border-color: #1558b0; background: #1558b0; color: #fff; }
button.main:hover { background: #0f4a96; }
button.account { display: block; width: 100%; margin: 0 0 .5rem; text-align: left; }
summary { min-height: 2.75rem; padding: .5rem 1.25rem; cursor: pointer; }
summary:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
input[type=email], input[type=text] { display: block; width: 100%; min-height: 2.75rem; margin: 0 0 .75rem; padding: .5rem .75rem; font: inherit; border: 1px solid color-mix(in srgb, CanvasText 45%, Canvas); border-radius: .375rem; background: Canvas; color: CanvasText; }
button span, label span { display: block; font-size: .875rem; opacity: .8; }
label { display: flex; gap: .75rem; padding: .625rem 0; border-top: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); cursor: pointer; }
label input { flex: none; width: 1.25rem; height: 1.25rem; margin: .125rem 0 0; }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; }
legend { padding: 0 0 .5rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: flex-end; }
dl { margin: 0 0 1rem; font-size: .875rem; }
dd { margin: 0; }
`;

// No form-action: Chromium holds the redirect that follows a form to it, too, and that leads away.
const POLICY = ['img-src data:', "base-uri 'none'", "frame-ancestors 'none'"];

/** What each scope lets an app do, in the words of the consent page. */
const MEANINGS: Readonly<Record<string, string>> = {
  'https://www.googleapis.com/auth/drive.appdata':
    'See, create, and delete its own configuration data in your Google Drive',
  'https://www.googleapis.com/auth/drive.file':
    'See, edit, create, and delete only the specific Google Drive files you use with this app',
  'https://www.googleapis.com/auth/drive':
    'See, edit, create, and delete all of your Google Drive files',
  'https://www.googleapis.com/auth/drive.readonly': 'See and download all your Google Drive files',
};

/** What the pages know of a request. */
type PageRequest = Pick<AuthorizeRequest, 'client' | 'scopes' | 'parameters'>;

/** What somebody typed in place of choosing an account, and what is wrong with it. */
export interface TypedAccount {
  readonly email: string;
  readonly problem?: 'unknown' | 'no email address';
}

/** Asks which user signs in: one that exists, or another one, who is added if the person says so. */
export function accountPage(
  request: PageRequest,
  users: Iterable<EmulatorUser>,
  typed?: TypedAccount,
): Response {
  const buttons = [...users]
    .map(
      ({ email, name }) =>
        `<button class="account" name="_user" value="${escapeHtml(email)}">${escapeHtml(name)}<span>${escapeHtml(email)}</span></button>`,
    )
    .join('\n');
  return page(
    200,
    'Choose an account',
    `<p>to continue to <b>${escapeHtml(request.client.project.id)}</b></p>
<form method="post">
${hidden(request.parameters)}
${buttons}
</form>
<details${typed === undefined ? '' : ' open'}>
<summary>Use another account</summary>
${typed?.problem === undefined ? '' : problemForm(request, typed)}<form method="post">
${hidden(request.parameters)}
<input type="email" name="_user" aria-label="Email" placeholder="Email" autocomplete="username" required${typed === undefined ? '' : ` value="${escapeHtml(typed.email)}" autofocus`}>
<div class="buttons"><button class="main">Next</button></div>
</form>
</details>`,
  );
}

function problemForm(request: PageRequest, { email, problem }: TypedAccount): string {
  if (problem !== 'unknown') {
    return `<p role="alert">${escapeHtml(email)} is not an email address.</p>\n`;
  }
  return `<form method="post">
${hidden([...request.parameters, ['_user', email], ['_create', 'yes']])}
<p role="alert">The emulator has no user ${escapeHtml(email)}.</p>
<button class="account">Add this user and continue</button>
</form>
`;
}

/**
 * Asks what the app may do: a box for each scope, unticked as Google shows them. Name and email
 * address are given by signing in and have no box.
 */
export function consentPage(
  request: PageRequest,
  user: EmulatorUser,
  granted: ReadonlySet<string>,
): Response {
  const basic = request.scopes.filter((scope) => BASIC_SCOPES.has(scope));
  const boxes = request.scopes
    .filter((scope) => !BASIC_SCOPES.has(scope))
    .map(
      (scope) =>
        `<label><input type="checkbox" name="_grant" value="${escapeHtml(scope)}"${granted.has(scope) ? ' checked' : ''}><div>${escapeHtml(MEANINGS[scope] ?? scope)}<span>${escapeHtml(scope)}</span></div></label>`,
    );
  const list =
    boxes.length === 0
      ? ''
      : `<fieldset><legend>Tick what it may do:</legend>\n${boxes.join('\n')}\n</fieldset>`;
  const signIn =
    basic.length === 0
      ? ''
      : `<p>It can see your name, email address and picture, if requested.</p>`;
  return page(
    200,
    `${request.client.project.id} wants access to your Google Account`,
    `<p>${escapeHtml(user.name)}<br>${escapeHtml(user.email)}</p>
${signIn}
<form method="post">
${hidden([...request.parameters, ['_user', user.email]])}
${list}
<div class="buttons">
<button name="_consent" value="cancel">Cancel</button>
<button class="main" name="_consent" value="allow">Continue</button>
</div>
</form>`,
  );
}

/** Asks for the code that a device shows. @param wrong one that no waiting device has. */
export function userCodePage(wrong?: string): Response {
  const problem =
    wrong === undefined
      ? ''
      : `<p role="alert">No device waits with the code ${escapeHtml(wrong.slice(0, 40))}. Check the code that your device shows; it may have expired.</p>\n`;
  return page(
    200,
    'Connect a device',
    `${problem}<form method="post">
<p>Enter the code that your device shows:</p>
<input type="text" name="user_code" aria-label="Code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus>
<div class="buttons"><button class="main">Next</button></div>
</form>`,
  );
}

/** Says what the person decided about a device. */
export function deviceEndPage(isAllowed: boolean): Response {
  return isAllowed
    ? page(
        200,
        'Your device has access',
        '<p>You can close this page and go back to your device.</p>',
      )
    : page(200, 'Access denied', '<p>Your device gets no access. You can close this page.</p>');
}

/** Says why the person cannot go on; the app is not told. */
export function refusalPage({ status, error, sentence, details }: AuthorizeRefusal): Response {
  const list = details.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return page(
    status,
    'Access blocked: Authorization Error',
    `<p>${escapeHtml(sentence)}</p>
${list.length === 0 ? '' : `<dl>${list.join('')}</dl>`}
<p><b>Error ${status}: ${escapeHtml(error)}</b></p>`,
  );
}

function page(status: number, title: string, content: string): Response {
  const body = `<p class="note">Google sign-in, emulated on this machine. Not Google.</p>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>`;
  return htmlPage({ status, title, style: STYLE, body, policy: POLICY });
}
