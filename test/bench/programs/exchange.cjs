// The least that exchanges a code: node exchange.cjs <client file> <code> [address of the keys]
const { readFileSync } = require('node:fs');

const [clientFile, code, keysUri] = process.argv.slice(2);
const { web } = JSON.parse(readFileSync(clientFile, 'utf8'));

async function run() {
  const answer = await fetch(web.token_uri, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: web.client_id,
      client_secret: web.client_secret,
      code,
      grant_type: 'authorization_code',
      redirect_uri: '',
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const tokens = await answer.json();
  if (keysUri !== undefined) await (await fetch(keysUri)).json();
  process.stdout.write(`${JSON.stringify(tokens, null, 2)}\n`);
}

run();
