import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSandbox } from '../support/process.js';
import { itWith, python } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';

/** A fault of the emulator, the request that it hits, and what gsac says of it. */
type Row = readonly [fault: string, what: string, said: string];

/** Refusals, by the cause that is named first. */
const causes: readonly Row[] = [
  ['redeemed-code', 'exchange', 'code-already-redeemed'],
  ['invalid-verifier', 'exchange', 'pkce-verifier-mismatch'],
  ['redirect-mismatch', 'exchange', 'redirect-uri-must-be-postmessage'],
  ['redirect-mismatch-plain', 'exchange', 'redirect-uri-must-be-postmessage'],
  ['wrong-secret', 'exchange', 'client-secret-wrong'],
  ['invalid-client', 'exchange', 'client-secret-wrong'],
  ['unauthorized-client', 'exchange', 'exchange-client-differs-from-code-client'],
  ['missing-code', 'exchange', 'code-empty'],
  ['missing-client-id', 'exchange', 'client-id-placeholder-or-unset'],
  ['missing-secret', 'exchange', 'client-secret-missing'],
  ['unsupported-grant-type', 'exchange', 'token-request-malformed'],
  ['missing-grant-type', 'exchange', 'token-request-malformed'],
  ['deleted-client', 'exchange', 'client-deleted'],
  ['invalid-audience', 'exchange', 'audience-project-mismatch'],
  ['bad-audience-id', 'exchange', 'audience-not-a-valid-client'],
  ['admin-policy', 'exchange', 'admin-policy'],
  ['status', 'exchange', 'google-fault'],
  ['html', 'exchange', 'html-instead-of-json'],
  ['html-after', 'exchange', 'html-instead-of-json'],
  ['latency', 'again', 'code-already-redeemed'],
  ['dead-refresh-token', 'refresh', 'access-revoked-by-user'],
  ['user-revoked', 'refresh', 'access-revoked-by-user'],
  ['invalid-rapt', 'refresh', 'session-control-reauth'],
  ['unauthorized-client', 'refresh', 'refresh-client-mismatch'],
  ['disabled-client', 'refresh', 'client-disabled'],
  ['access-token-invalid', 'list', 'access-revoked-by-user'],
  ['dead-access-token', 'exchange-list', 'access-revoked-by-user'],
  ['api-disabled', 'list', 'drive-api-disabled'],
  ['rate-limit', 'list', 'rate-limit'],
  ['daily-limit', 'list', 'rate-limit'],
  ['quota', 'many', 'rate-limit'],
  ['storage-full', 'upload', 'drive-storage-full'],
  ['consent-denied', 'authorize', 'sign-in-cancelled'],
  ['not-a-test-user', 'authorize', 'test-user-not-added'],
  ['org-internal', 'authorize', 'org-internal'],
];

/** Failures that no rule is about: they are named for what they are. */
const failures: readonly Row[] = [
  ['reset', 'exchange', 'no_response'],
  ['reset-before', 'list', 'no_response'],
  ['redirect', 'exchange', 'redirect'],
  ['empty-body', 'exchange', 'not_json'],
  ['torn-body', 'userinfo', 'not_json'],
  ['no-access-token', 'exchange', 'no_access_token'],
  ['certs-empty', 'certs', 'no_keys'],
];

/** What no response says: a finding's code, and words of its message or of its first cause. */
const findings: readonly Row[] = [
  ['no-refresh-token', 'exchange', 'refresh_token_absent'],
  ['refresh-fewer-scopes', 'refresh', 'scopes_differ drive.appdata'],
  ['expired-id-token', 'exchange', 'id_token_wrong id-token-expired'],
  ['wrong-audience', 'exchange', 'id_token_wrong audience-mismatch'],
  ['wrong-issuer', 'exchange', 'id_token_wrong issuer:'],
  ['future-id-token', 'exchange', 'id_token_wrong issued_at:'],
  ['no-subject', 'exchange', 'id_token_wrong subject:'],
  ['wrong-at-hash', 'exchange', 'id_token_wrong at_hash:'],
  ['unsigned-id-token', 'exchange', 'id_token_wrong "none"'],
  ['hmac-id-token', 'exchange', 'id_token_wrong HS256'],
  ['malformed-id-token', 'exchange', 'id_token_wrong not a JWT'],
  ['token-type-mac', 'exchange', 'token_response_odd token_type'],
  ['no-expires-in', 'exchange', 'token_response_odd expires_in'],
  ['latency', 'again', 'code_sent_twice second time'],
  ['clock', 'certs', 'clock_differs 1 hour behind'],
];

interface Event {
  event: string;
  error?: string;
  code?: string;
  message?: string;
  request?: { headers: Record<string, string> };
  diagnosis?: { cause: string; likelihood: string }[];
}

const programs = fileURLToPath(new URL('programs', import.meta.url));

/** Runs a program between which and the emulator `gsac watch` stands; it is told the plan on stdin. */
async function follow(command: readonly string[]) {
  const box = await createSandbox();
  const secrets = join(box.folder, 'secrets.txt');
  const documents = ['json', 'junit', 'html', 'har'].map((format) => join(box.folder, format));
  const [json, junit, html, har] = documents;
  const flags = [
    '--report',
    `json=${json}`,
    '--report',
    `junit=${junit}`,
    '--report',
    `html=${html}`,
  ];
  const rows = [...causes, ...failures, ...findings].map(([fault, what]) => `${fault} ${what}\n`);
  const watch = ['gsac', 'watch', '--json', ...flags, '--har', `${har}`, '--', ...command];
  const ran = await box.run(['emulator', 'run', '--quiet', '--', ...watch], {
    stdin: rows.join(''),
    env: {
      GSAC_HOME: undefined,
      GSAC_STORE: undefined,
      GSAC_FILE_KEY: undefined,
      SECRETS: secrets,
    },
    timeoutMs: 240_000,
  });
  expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
  const scanner = createSecretScanner();
  const known = readFileSync(secrets, 'utf8').trim().split('\n');
  for (const secret of known) scanner.add('secret', secret);
  // A code, an access, a refresh and an ID token of each of the flows, or nearly.
  expect(known.length).toBeGreaterThan(100);
  const shown = [ran.stderr, ...documents.map((path) => readFileSync(path, 'utf8'))];
  expect(shown.flatMap((text) => scanner.find(text))).toEqual([]);
  return ran.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

function expectAll(events: readonly Event[]): void {
  const refusals = events.filter(({ event }) => event === 'refusal');
  const of = ([fault, what]: Row) =>
    refusals.find(({ request }) => request?.headers['User-Agent'] === `${fault}/${what}`);
  const first = (event: Event | undefined) => {
    const [diagnosis] = event?.diagnosis ?? [];
    return diagnosis?.likelihood === 'possible' ? undefined : diagnosis?.cause;
  };
  expect(causes.map((row) => [row[0], row[1], first(of(row))])).toEqual(causes);
  expect(failures.map((row) => [row[0], row[1], of(row)?.error])).toEqual(failures);
  const found = events
    .filter(({ event }) => event === 'finding')
    .map((event) => ({ code: event.code, words: `${event.message} ${first(event)}` }));
  for (const [fault, , said] of findings) {
    const [code, ...words] = said.split(' ');
    const hit = found.some((one) => one.code === code && one.words.includes(words.join(' ')));
    expect(hit, `${fault}: ${said}`).toBe(true);
  }
  // What was in order is no refusal.
  expect(refusals.filter(({ request }) => request?.headers['User-Agent'] === 'setup')).toEqual([]);
  expect(events.at(-1)).toMatchObject({ event: 'summary', exit_code: 0 });
}

it('knows more than 40 faults', () => {
  const names = new Set([...causes, ...findings].map(([fault]) => fault));
  expect(names.size).toBeGreaterThan(40);
});

itWith(
  'curl',
  'gsac watch names the cause of each fault that curl meets, and shows no secret',
  async () => {
    expectAll(await follow(['sh', join(programs, 'faults.sh')]));
  },
  300_000,
);

itWith(
  'Python with google-auth',
  'gsac watch names the cause of each fault that Python meets, and shows no secret',
  async () => {
    expectAll(await follow([python, join(programs, 'faults.py')]));
  },
  300_000,
);
