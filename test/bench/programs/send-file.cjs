// The least that streams a file up: node send-file.cjs <origin> <access token> <path>
const { createReadStream, statSync } = require('node:fs');
const http = require('node:http');
const { pipeline } = require('node:stream');

const [origin, accessToken, path] = process.argv.slice(2);
const authorization = `Bearer ${accessToken}`;

async function run() {
  const opened = await fetch(`${origin}/upload/drive/v3/files?uploadType=resumable`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'plain.bin', parents: ['appDataFolder'] }),
  });
  const { size } = statSync(path);
  const headers = {
    authorization,
    'content-length': size,
    'content-range': `bytes 0-${size - 1}/${size}`,
  };
  const sending = http.request(opened.headers.get('location'), { method: 'PUT', headers });
  sending.on('response', (answer) => {
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
    answer.resume();
  });
  pipeline(createReadStream(path), sending, (error) => {
    if (error) throw error;
  });
}

run();
