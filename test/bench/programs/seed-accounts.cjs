// Fills the file store with accounts by gsac's own import, all in one process:
// node seed-accounts.cjs <count> <token URI>
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { main } = require('../../../dist/main.cjs');

const [count, tokenUri] = process.argv.slice(2);

async function run() {
  for (let number = 1; number <= Number(count); number += 1) {
    const file = join(process.env.GSAC_HOME, 'import.json');
    const user = {
      type: 'authorized_user',
      client_id: '1234567890-bench.apps.googleusercontent.com',
      client_secret: 'GOCSPX-bench',
      refresh_token: `1//bench-${number}`,
      token_uri: tokenUri,
      account: `user-${number}@example.org`,
      sub: String(100_000 + number),
      scopes: ['openid'],
      // The form of gsac's rescue files, which are imported without asking anybody.
      gsac_rescue: true,
    };
    writeFileSync(file, JSON.stringify(user));
    const exitCode = await main(['accounts', 'import', file, '--store', 'file', '--quiet']);
    if (exitCode !== 0) process.exit(exitCode);
    rmSync(file, { force: true });
  }
}

run();
