// A token endpoint that answers every request after so many milliseconds, on a port of its own
// choice, which it prints: node slow-endpoint.cjs <milliseconds>
const { createServer } = require('node:http');

const milliseconds = Number(process.argv[2]);
const body = JSON.stringify({
  access_token: `ya29.${'a'.repeat(200)}`,
  expires_in: 3599,
  scope: 'openid https://www.googleapis.com/auth/drive.appdata',
  token_type: 'Bearer',
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

const server = createServer((incoming, outgoing) => {
  incoming.resume();
  setTimeout(() => outgoing.writeHead(200, headers).end(body), milliseconds);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
