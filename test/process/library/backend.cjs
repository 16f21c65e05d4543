// The server of an app, as small as it can be: the phone posts its code, the server keeps the tokens
// and reads what the app has stored for the person.
const { createServer } = require('node:http');
const { OAuth2Client } = require('google-auth-library');

/**
 * Makes the server. It finds Google itself unless it is told otherwise.
 *
 * POST /sign-in with a code as the body gives `{sub, email}`; GET /settings/<sub> the settings.
 */
exports.createBackend = ({ clientFile, endpoints, apis = 'https://www.googleapis.com' }) => {
  const { client_id: clientId, client_secret: clientSecret } = clientFile.web;
  const people = new Map();

  async function signIn(code) {
    const google = new OAuth2Client({
      clientId,
      clientSecret,
      endpoints,
      forceRefreshOnFailure: true,
    });
    const { tokens } = await google.getToken(code);
    const ticket = await google.verifyIdToken({ idToken: tokens.id_token, audience: clientId });
    const { sub, email } = ticket.getPayload();
    google.setCredentials(tokens);
    people.set(sub, google);
    return { sub, email };
  }

  async function settings(sub) {
    const google = people.get(sub);
    const files = `${apis}/drive/v3/files`;
    const params = { spaces: 'appDataFolder', q: "name = 'settings.json'" };
    const { data } = await google.request({ url: files, params });
    const [file] = data.files;
    return (await google.request({ url: `${files}/${file.id}`, params: { alt: 'media' } })).data;
  }

  return createServer(async (request, response) => {
    try {
      request.setEncoding('utf8');
      const [body = ''] = await request.toArray();
      const answer =
        request.url === '/sign-in' ? await signIn(body) : await settings(request.url.slice(10));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    } catch (error) {
      // A dead grant is for the person to mend, by signing in again.
      const { error: reason = 'google_unavailable' } = error.response?.data ?? {};
      response.statusCode = reason === 'invalid_grant' ? 401 : 502;
      response.end(JSON.stringify({ error: reason }));
    }
  });
};
