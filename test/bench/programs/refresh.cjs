// The least that refreshes: node refresh.cjs <authorized_user file>
const { readFileSync } = require('node:fs');

const user = JSON.parse(readFileSync(process.argv[2], 'utf8'));

async function run() {
  const answer = await fetch(user.token_uri, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: user.client_id,
      client_secret: user.client_secret,
      refresh_token: user.refresh_token,
      grant_type: 'refresh_token',
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  process.stdout.write(`${JSON.stringify(await answer.json(), null, 2)}\n`);
}

run();
