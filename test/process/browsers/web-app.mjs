// A web app with Google sign-in, as Google documents it: a button that gives an ID token, and access to
// Drive by a code, in a popup or by a redirect. It knows nothing of an emulator.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { OAuth2Client } from 'google-auth-library';

const {
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: clientSecret,
  PORT = '3000',
} = process.env;
const origin = `http://localhost:${PORT}`;
const scope = 'openid email https://www.googleapis.com/auth/drive.appdata';
const google = new OAuth2Client({ clientId, clientSecret });
/** What each person allowed the app, by email address. */
const people = new Map();
let state = '';

const page = () => `<!DOCTYPE html>
<title>Notes</title>
<link rel="icon" href="data:,">
<script src="https://accounts.google.com/gsi/client" async></script>
<div id="g_id_onload"
  data-client_id="${clientId}"
  data-login_uri="${origin}/login"
  data-auto_prompt="false"
  data-ux_mode="redirect">
</div>
<div class="g_id_signin" data-type="standard" data-text="signin_with"></div>
<button id="connect">Connect Drive</button>
<button id="redirect">Connect Drive without a popup</button>
<p id="said"></p>
<script>
  const say = (text) => {
    document.getElementById('said').textContent = text;
  };
  window.onGoogleLibraryLoad = () => {
    const client_id = '${clientId}';
    const scope = '${scope}';
    const inPopup = google.accounts.oauth2.initCodeClient({
      client_id,
      scope,
      ux_mode: 'popup',
      callback: async (response) => {
        if (response.error) return say('Not connected: ' + response.error);
        const answer = await fetch('/code', {
          method: 'POST',
          headers: { 'X-Requested-With': 'XmlHttpRequest' },
          body: new URLSearchParams({ code: response.code }),
        });
        say(await answer.text());
      },
      error_callback: (error) => say('Not connected: ' + error.type),
    });
    document.getElementById('connect').onclick = () => inPopup.requestCode();
    const byRedirect = google.accounts.oauth2.initCodeClient({
      client_id,
      scope,
      ux_mode: 'redirect',
      redirect_uri: '${origin}/callback',
      state: '${state}',
    });
    document.getElementById('redirect').onclick = () => byRedirect.requestCode();
  };
</script>
`;

/** Who an ID token belongs to, if Google signed it for this app. */
async function whoIs(idToken) {
  const ticket = await google.verifyIdToken({ idToken, audience: clientId });
  return ticket.getPayload().email;
}

async function connect(code, redirect_uri) {
  const { tokens } = await google.getToken({ code, redirect_uri });
  const email = await whoIs(tokens.id_token);
  const person = new OAuth2Client({ clientId, clientSecret });
  person.setCredentials(tokens);
  people.set(email, person);
  return `Connected as ${email}`;
}

async function answer({ method, url, headers }, form) {
  const { pathname, searchParams } = new URL(url, origin);
  switch (`${method} ${pathname}`) {
    case 'GET /':
      state = randomUUID();
      return page();
    case 'POST /login': {
      const cookie = /(?:^|; )g_csrf_token=([^;]+)/.exec(headers.cookie ?? '')?.[1];
      if (!cookie || cookie !== form.get('g_csrf_token')) throw new Error('CSRF');
      return `Signed in as ${await whoIs(form.get('credential'))}`;
    }
    case 'POST /code':
      if (!headers['x-requested-with']) throw new Error('CSRF');
      return connect(form.get('code'), 'postmessage');
    case 'GET /callback':
      if (searchParams.get('state') !== state) throw new Error('CSRF');
      if (searchParams.has('error')) return `Not connected: ${searchParams.get('error')}`;
      return connect(searchParams.get('code'), `${origin}/callback`);
    case 'GET /refresh': {
      const person = people.get(searchParams.get('email'));
      person.setCredentials({ refresh_token: person.credentials.refresh_token });
      await person.getAccessToken();
      return 'Refreshed';
    }
    default:
      throw new Error('Not found');
  }
}

const server = createServer(async (request, response) => {
  try {
    request.setEncoding('utf8');
    const text = await answer(request, new URLSearchParams((await request.toArray()).join('')));
    response.setHeader('content-type', 'text/html; charset=utf-8').end(text);
  } catch (error) {
    response.statusCode = 400;
    response.end(error.response?.data?.error ?? error.message);
  }
});
server.listen(Number(PORT), () => process.stdout.write(`${origin}\n`));
