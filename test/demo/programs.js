// Runs programs that know only Google's own addresses under `gsac emulator run`, and prints a table of
// who was answered: node test/demo/programs.js. What a machine lacks is left out. Those of other versions
// of Node are named by NODES, as paths with a colon between: NODES=/opt/node-22/bin/node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const gsac = fileURLToPath(new URL('../../bin/gsac.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gsac-programs-'));
const certs = 'https://www.googleapis.com/oauth2/v3/certs';

/** Writes a program and returns its path. */
function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const fetching = file('fetch.mjs', `if (!(await fetch('${certs}')).ok) process.exit(1);`);
const https = file(
  'https.cjs',
  `const https = require('https');
https.get('${certs}', { agent: new https.Agent() }, (answer) => answer.resume())
  .on('error', () => process.exit(1));`,
);
const streams = file('ask.php', `<?php exit(file_get_contents('${certs}') ? 0 : 1);`);
const java = file(
  'Ask.java',
  `public class Ask { public static void main(String[] args) throws Exception {
  new java.net.URL("${certs}").openStream().close();
}}
`,
);
const go = file(
  'ask.go',
  `package main

import (
	"net/http"
	"os"
)

func main() {
	answer, err := http.Get("${certs}")
	if err != nil || answer.StatusCode != 200 {
		os.Exit(1)
	}
}
`,
);
const drive =
  '{"access_token":"x","token_type":"Bearer","refresh_token":"y","expiry":"2020-01-01T00:00:00Z"}';

const own = fileURLToPath(new URL('programs', import.meta.url));
const debianGo = 'GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$TMPDIR/go-cache"';

/** A program that is given a code, as a web page posts it to its server. */
const withCode = (program) => [
  'sh',
  '-c',
  `${program} "$(gsac emulator sign-in --source web-popup)"`,
];

/** A name, the program that must be there, and the command. */
const programs = [
  ['curl', 'curl', ['curl', '-sSf', '-o', '/dev/null', certs]],
  ['wget', 'wget', ['wget', '-qO', '/dev/null', certs]],
  ['git, over HTTPS', 'git', ['git', 'ls-remote', 'https://source.developers.google.com/x']],
  [
    'Python, urllib',
    'python3',
    ['python3', '-c', `import urllib.request as u; u.urlopen("${certs}")`],
  ],
  [
    'Python, requests',
    '/usr/bin/python3 requests',
    ['/usr/bin/python3', '-c', `import requests as r; r.get("${certs}").raise_for_status()`],
  ],
  [
    'Python, httplib2',
    '/usr/bin/python3 httplib2',
    ['/usr/bin/python3', '-c', `import httplib2 as h; h.Http().request("${certs}")`],
  ],
  [
    'Google’s guide: oauth2client',
    '/usr/bin/python3 oauth2client',
    withCode(`/usr/bin/python3 ${own}/guide.py`),
  ],
  [
    'Google’s guide: Java',
    existsSync('/usr/share/java/google-api-client.jar') ? 'java' : 'google-api-client.jar',
    withCode(`java -cp '/usr/share/java/*' ${own}/Guide.java`),
  ],
  [
    'google-auth and requests',
    '/usr/bin/python3 google.auth',
    withCode(`/usr/bin/python3 ${own}/google_auth.py`),
  ],
  ['google-auth-library and googleapis', 'node', withCode(`node ${own}/googleapis.mjs`)],
  ['x/oauth2 and Drive', 'go', withCode(`env ${debianGo} go run ${own}/drive.go`)],
  ['signet', 'ruby', withCode(`ruby ${own}/signet.rb`)],
  ['Ruby', 'ruby', ['ruby', '-rnet/http', '-e', `Net::HTTP.get(URI("${certs}"))`]],
  ['PHP, curl', 'php', ['php', '-r', `exit(curl_exec(curl_init("${certs}")) ? 0 : 1);`]],
  ['PHP, streams', 'php', ['php', streams]],
  ['Java', 'java', ['java', java]],
  ['Go', 'go', ['go', 'run', go]],
  ['Deno', 'deno', ['deno', 'eval', `await fetch("${certs}")`]],
  ['rclone', 'rclone', ['rclone', 'lsf', 'd:', '--retries', '1', '--low-level-retries', '1']],
  ...[process.execPath, ...(process.env['NODES'] ?? '').split(':').filter(Boolean)].flatMap(
    (node) => [
      [`${version(node)}, fetch`, node, [node, fetching]],
      [`${version(node)}, an agent of its own`, node, [node, https]],
    ],
  ),
];

function print(line) {
  process.stdout.write(`${line}\n`);
}

function version(node) {
  return `Node ${spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim()}`;
}

/** Whether a program is there, or a module of Python's if two words name one. */
function isThere(needed) {
  const [program, module] = needed.split(' ');
  const args = module === undefined ? ['--version'] : ['-c', `import ${module}`];
  const { error, status } = spawnSync(program, args, { stdio: 'ignore' });
  return error === undefined && (module === undefined || status === 0);
}

// A clone has no command `gsac`, which the programs' codes come from.
symlinkSync(gsac, join(folder, 'gsac'));

try {
  for (const [name, needed, command] of programs) {
    if (!isThere(needed)) {
      print(`${name.padEnd(36)}  not installed`);
      continue;
    }
    const report = join(folder, 'report.json');
    const args = ['emulator', 'run', '--quiet', '--report', `json=${report}`, '--', ...command];
    const env = {
      ...process.env,
      PATH: `${process.env['PATH']}${delimiter}${folder}`,
      TMPDIR: folder,
      RCLONE_CONFIG_D_TYPE: 'drive',
      RCLONE_CONFIG_D_TOKEN: drive,
    };
    const ran = spawnSync(process.execPath, [gsac, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env,
      timeout: 240_000,
    });
    const { requests } = JSON.parse(
      spawnSync('cat', [report], { encoding: 'utf8' }).stdout || '{}',
    );
    const hosts = (requests?.by_host ?? []).map(({ host, count }) => `${host} ${count}`);
    const what = hosts.length > 0 ? hosts.join(', ') : 'NOT ANSWERED';
    print(`${name.padEnd(36)}  ${what}${ran.status === 0 ? '' : `, exit code ${ran.status}`}`);
    rmSync(report, { force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
