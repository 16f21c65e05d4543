// The least that streams a file down and tells its MD5:
//
//   node fetch-file.cjs <origin> <access token> <id> <path>
const { createHash } = require('node:crypto');
const { createWriteStream } = require('node:fs');
const http = require('node:http');
const { pipeline } = require('node:stream');

const [origin, accessToken, id, path] = process.argv.slice(2);
const headers = { authorization: `Bearer ${accessToken}` };

http.get(`${origin}/drive/v3/files/${id}?alt=media`, { headers }, (answer) => {
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
  const hash = createHash('md5');
  answer.on('data', (chunk) => hash.update(chunk));
  pipeline(answer, createWriteStream(path), (error) => {
    if (error) throw error;
    process.stdout.write(`${hash.digest('hex')}\n`);
  });
});
