import { isLoopbackHost } from '../../core/endpoints.js';
import type { GsacError } from '../../core/errors.js';
import { type CheckFinding, type DoctorCheck, ok, problem, skipped, warning } from './check.js';
import { askedEndpoints, type ProbeAnswer, type Reached } from './reach.js';

/** How far a clock may be off before it is said, and before ID tokens are refused, in seconds. */
const clockBounds = { warning: 60, error: 300 } as const;

/** One check for each endpoint: name look-up, connection, TLS, and the answer. */
const endpointChecks = askedEndpoints.map(
  ({ id, name }): DoctorCheck => ({
    id: `endpoint-${id}`,
    looksAt: `Whether gsac can reach ${name}: name, connection, certificate, response.`,
    async examine({ reached }) {
      const found = (await reached()).find(({ endpoint }) => endpoint.id === id);
      return found === undefined ? skipped('gsac did not ask it.') : judgeReached(found);
    },
  }),
);

/** What can be wrong between this machine and Google. */
export const networkChecks: readonly DoctorCheck[] = [
  ...endpointChecks,
  {
    id: 'clock',
    looksAt:
      'Whether this clock agrees with the server’s: if they are minutes apart, ID tokens are refused.',
    async examine({ machine, reached }) {
      const skews = (await reached()).flatMap(({ answer }) => toSkew(answer) ?? []);
      const [best] = skews.sort((one, other) => one.uncertainty - other.uncertainty);
      if (best === undefined) return skipped('No endpoint told its time.');
      const seconds = Math.round(best.seconds);
      const facts = { skew_seconds: seconds, uncertainty_seconds: best.uncertainty };
      const certain = Math.abs(best.seconds) - best.uncertainty;
      const where = seconds > 0 ? 'ahead of' : 'behind';
      if (certain <= clockBounds.warning) {
        return ok('This clock agrees with the server’s.', facts);
      }
      const detail = `This clock is ${inWords(Math.abs(seconds))} ${where} the server’s.`;
      const fix = clockFixes[machine.platform] ?? 'Set the clock, and let NTP keep it right.';
      return certain > clockBounds.error
        ? problem(detail, fix, facts)
        : warning(detail, fix, facts);
    },
  },
];

const clockFixes: Readonly<Record<string, string>> = {
  linux:
    'Let NTP keep it right: `timedatectl set-ntp true`. In a container or VM, do so on the host.',
  darwin:
    'Let NTP keep it right: System Settings, General, Date & Time; or `sudo sntp -sS time.apple.com`.',
  win32: 'Let NTP keep it right: `w32tm /resync`.',
};

/** How far our clock is ahead of the server's. `Date` has whole seconds, and the way takes time. */
function toSkew(
  answer: ProbeAnswer | undefined,
): { seconds: number; uncertainty: number } | undefined {
  if (answer?.serverTime === undefined) return undefined;
  const { serverTime, startedAt, endedAt } = answer;
  const roundTrip = Math.max(0, endedAt - startedAt);
  return {
    seconds: ((startedAt + endedAt) / 2 - (serverTime + 500)) / 1000,
    uncertainty: 0.5 + roundTrip / 2000,
  };
}

function inWords(seconds: number): string {
  const units: readonly [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [name, size] = units.find(([, each]) => seconds >= 2 * each) ?? ['second', 1];
  return `${Math.round(seconds / size)} ${name}s`;
}

function judgeReached({ endpoint, url, answer, error }: Reached): CheckFinding {
  const { host } = new URL(url);
  if (error !== undefined) return judgeFailure(error, url);
  if (answer === undefined) return skipped('gsac did not ask it.');
  const { status } = answer;
  const milliseconds = Math.max(0, Math.round(answer.endedAt - answer.startedAt));
  const facts = {
    endpoint: { url, ...toStages(undefined, url), http_status: status, milliseconds },
  };
  const said = `${host} answers ${status}`;
  if (endpoint.isRight(answer)) {
    return ok(`${said} in ${milliseconds} ms, as expected.`, facts);
  }
  if (status === 407) {
    return problem(
      'The proxy requires a user name and password (407).',
      'Add them to HTTPS_PROXY, as in http://user:password@proxy:8080.',
      facts,
    );
  }
  if (status === 429) {
    return warning(
      `${said}: it limits requests from this network’s address.`,
      'Wait a few minutes. If you share a proxy or VPN with others, use another route.',
      facts,
    );
  }
  if (status >= 500) {
    return problem(
      `${said}: the server has a problem.`,
      'Try again in a minute, or see https://www.google.com/appsstatus/dashboard/.',
      facts,
    );
  }
  return problem(
    `${said}, which is not a response of ${endpoint.name}: something else answers in its place.`,
    'Log in to the network (it may be a captive portal), or check the proxy. --trace shows the response.',
    facts,
  );
}

function judgeFailure(error: GsacError, url: string): CheckFinding {
  const code = error.details['system_code'];
  const suffix = typeof code === 'string' ? ` (${code})` : '';
  const fix =
    code === 'ECONNREFUSED'
      ? refusedFix(url)
      : (error.hint ?? 'Is this machine online? If it is behind a proxy, set HTTPS_PROXY.');
  return problem(`${error.message.replace(/\.$/, '')}${suffix}.`, fix, {
    endpoint: { url, ...toStages(error, url), http_status: null, milliseconds: null },
  });
}

function refusedFix(url: string): string {
  return isLoopbackHost(new URL(url).hostname)
    ? 'Start the emulator that the client file names: `gsac emulator start`.'
    : 'A firewall or the proxy refuses the connection: check HTTPS_PROXY, or ask your network administrator.';
}

type Stage = 'ok' | 'failed' | null;

/** How far it came; null where that is not known, or where there is no such stage. */
function toStages(
  error: GsacError | undefined,
  url: string,
): { name_lookup: Stage; connection: Stage; tls: Stage } {
  const secure = url.startsWith('https:');
  const stages = (name_lookup: Stage, connection: Stage, tls: Stage) => ({
    name_lookup,
    connection,
    tls: secure ? tls : null,
  });
  if (error === undefined) return stages('ok', 'ok', 'ok');
  const code = String(error.details['system_code'] ?? '');
  if (error.code === 'certificate_refused') return stages('ok', 'ok', 'failed');
  if (/^(ENOTFOUND|EAI_)/.test(code)) return stages('failed', null, null);
  if (error.code === 'network_unreachable' || code !== '') return stages('ok', 'failed', null);
  return stages(null, null, null);
}
