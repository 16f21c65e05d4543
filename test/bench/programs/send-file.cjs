// The least that streams a file up and tells its MD5: node send-file.cjs <origin> <access token> <path>
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const { createReadStream, statSync } = require('node:fs');
const http = require('node:http');
const { pipeline } = require('node:stream/promises');

const [origin, accessToken, path] = process.argv.slice(2);
const authorization = `Bearer ${accessToken}`;
/** The emulator takes at most 64 MiB in one request. */
const partBytes = 64 * 1_048_576;

async function run() {
  const opened = await fetch(`${origin}/upload/drive/v3/files?uploadType=resumable`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'plain.bin', parents: ['appDataFolder'] }),
  });
  const { size } = statSync(path);
  const hash = createHash('md5');
  for (let start = 0; start < size; start += partBytes) {
    const end = Math.min(start + partBytes, size) - 1;
    const headers = {
      authorization,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    };
    const sending = http.request(opened.headers.get('location'), { method: 'PUT', headers });
    const answered = once(sending, 'response');
    const part = createReadStream(path, { start, end }).on('data', (chunk) => hash.update(chunk));
    await pipeline(part, sending);
    const [answer] = await answered;
    const expected = end + 1 === size ? 200 : 308;
    if (answer.statusCode !== expected) throw new Error(`status ${answer.statusCode}`);
    answer.resume();
  }
  process.stdout.write(`${hash.digest('hex')}\n`);
}

run();
