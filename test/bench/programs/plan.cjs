// The least program that makes the requests of `gsac verify --plan` for so many sign-ins at the
// emulator, so many at once: no check, no file, nothing loaded beyond Node's own http.
//
//   node plan.cjs <client file> <flows> <concurrency> <user>
const { readFileSync } = require('node:fs');
const { Agent, request } = require('node:http');

const [clientFile, flows, concurrency, user] = process.argv.slice(2);
const { client_id, client_secret, token_uri } = JSON.parse(readFileSync(clientFile, 'utf8')).web;
const { origin } = new URL(token_uri);
const agent = new Agent({ keepAlive: true });
const form = 'application/x-www-form-urlencoded';

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    const all = { ...headers, 'content-length': length };
    const sent = request(`${origin}${path}`, { method, agent, headers: all }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${path}: ${answer.statusCode} ${text}`));
      });
    });
    sent.once('error', reject).end(body);
  });
}

function grant(fields) {
  const body = new URLSearchParams({ client_id, client_secret, ...fields }).toString();
  return ask('POST', '/token', body, { 'content-type': form });
}

async function flow() {
  const wish = { client_id, user, scopes: ['openid', 'email', 'profile', 'drive.appdata'] };
  const json = { 'content-type': 'application/json' };
  const { code } = await ask('POST', '/_emulator/sign-in', JSON.stringify(wish), json);
  const { refresh_token } = await grant({
    code,
    grant_type: 'authorization_code',
    redirect_uri: '',
  });
  const { access_token } = await grant({ grant_type: 'refresh_token', refresh_token });
  const authorization = `Bearer ${access_token}`;
  await ask('POST', '/tokeninfo', '', { authorization, 'content-type': form });
  const query = 'spaces=appDataFolder&pageSize=1&fields=files(id)';
  await ask('GET', `/drive/v3/files?${query}`, '', { authorization });
}

async function main() {
  await ask('GET', '/oauth2/v3/certs', '');
  let left = Number(flows);
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await flow();
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, worker));
}

main();
