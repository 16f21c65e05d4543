import { Command, Option } from 'commander';
import type { BrowserSignIn } from '../../cli/browser-options.js';
import { addBrowserOptions, readBrowserSignIn } from '../../cli/browser-options.js';
import { collect, readSeconds } from '../../cli/flags.js';
import type { Output, Runtime } from '../../cli/runtime.js';
import { type CodeSource, codeSources } from '../../core/auth-code.js';
import { GsacError } from '../../core/errors.js';
import { parseScopes } from '../../core/scopes.js';
import { confirm } from '../../terminal/confirm.js';
import type { Style } from '../../terminal/style.js';
import type { Services } from '../../wiring.js';
import type { FlowExpectations } from './expectations.js';
import type { VerifyReport } from './model.js';
import { orderAccount, orderBrowser, orderCode } from './order-flow.js';
import { addPlanOptions, callPlan, isPlanCall, runVerifyPlan } from './plan-command.js';
import { type Beginning, refuseBlankValues, refuseForeignOptions } from './refused-options.js';
import { renderFlow } from './render-flow.js';
import { checkReports, type ReportWish, readReportWish, writeReports } from './reports/write.js';
import { type FlowOrder, runFlow } from './run-flow.js';

/** The flags of `gsac verify` for one flow. */
export interface VerifyOptions {
  /** `-` for stdin; undefined for a stored account or a sign-in. */
  code: string | undefined;
  /** A sign-in in a browser; undefined for none. */
  login: BrowserSignIn | undefined;
  source: CodeSource;
  redirectUri: string | undefined;
  codeVerifier: string | undefined;
  keep: boolean;
  yes: boolean;
  expectations: FlowExpectations;
  reports: readonly ReportWish[];
  /** The file of `--har`. */
  har: string | undefined;
}

const maxInputBytes = 65_536;

/** Declares `gsac verify`. */
export function verifyCommand(runtime: Runtime, run = runVerify, runPlan = runVerifyPlan): Command {
  const command = new Command('verify')
    .summary('run a token flow and check it, step by step')
    .description(
      'Run a token flow and say, check by check, whether it is right: the exchange, the scopes, the ' +
        'ID token, the refresh, tokeninfo, the appfolder. On a stored account, on a code (--code), or ' +
        'on a sign-in in a browser (--login). Exit code 0 where every check passed, 6 where one ' +
        'failed or could not run.',
    )
    .option('--code <code>', 'a code, or - for stdin; it is spent by this')
    .option('--login', 'sign in in a browser, as gsac login does')
    .addOption(
      new Option('--source <source>', 'where the code comes from; decides on redirect_uri')
        .choices(codeSources)
        .default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI that the code was issued for')
    .option('--code-verifier <verifier>', 'the PKCE verifier of the authorization request')
    .option('--keep', 'store the refresh token of a code, as gsac exchange does')
    .option('--expect-scope <scope>', 'must be granted; repeatable', collect)
    .option('--no-extra-scopes', 'a granted scope beyond those is a failure')
    .option('--expect-sub <sub>', 'who it must be')
    .option('--expect-email <email>', 'who it must be')
    .option('--expect-hd <domain>', 'which Workspace domain the person must be of')
    .option('--require-email-verified', 'email_verified must be true')
    .option('--no-expiring-grant', 'a refresh token with a stated end is a failure')
    .option('--clock-tolerance <seconds>', 'leeway in the ID token’s times', '300')
    .option('--replay', 'send the code twice; a provider may revoke the grant for it')
    .option('--revoke', 'revoke in the end: both tokens must be dead then')
    .option('-y, --yes', 'do not ask before a stored account is revoked')
    .option(
      '--report <format[=file]>',
      'tap, junit, json or html, to stdout without a file; repeatable',
      collect,
    )
    .option('--har <file>', 'write the requests as HAR, secrets masked; - for stdout');
  addBrowserOptions(command, 'with --login: ');
  return addPlanOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac verify --account tester@example.com --expect-scope drive.appdata\n' +
        '  $ gsac emulator sign-in | gsac verify --code - --replay --revoke --report junit=flow.xml',
    )
    .action(() =>
      isPlanCall(command)
        ? callPlan(runtime, command, runPlan)
        : runtime.stream(command, (services, output) =>
            run(readOptions(command), services, output),
          ),
    );
}

function readOptions(command: Command): VerifyOptions {
  refuseBlankValues(command);
  const flags = command.opts();
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const list = (name: string) =>
    Array.isArray(flags[name]) ? parseScopes(flags[name].join(' ')) : undefined;
  const options: VerifyOptions = {
    code: text('code'),
    login: flags['login'] === true ? readBrowserSignIn(flags) : undefined,
    source: codeSources.find((known) => known === flags['source']) ?? 'ios',
    redirectUri: text('redirectUri'),
    codeVerifier: text('codeVerifier'),
    keep: flags['keep'] === true,
    yes: flags['yes'] === true,
    expectations: {
      scopes: list('expectScope'),
      noExtraScopes: flags['extraScopes'] === false,
      sub: text('expectSub'),
      email: text('expectEmail'),
      hostedDomain: text('expectHd'),
      noExpiringGrant: flags['expiringGrant'] === false,
      emailVerified: flags['requireEmailVerified'] === true,
      clockToleranceSeconds: readSeconds(text('clockTolerance') ?? '300', '--clock-tolerance', {
        least: 0,
        most: 86_400,
      }),
      replay: flags['replay'] === true,
      revoke: flags['revoke'] === true,
      failures: [],
    },
    reports: (Array.isArray(flags['report']) ? flags['report'] : []).map(readReportWish),
    har: text('har'),
  };
  if (options.code !== undefined && options.login !== undefined) {
    throw new GsacError('usage', '--code and --login exclude each other.');
  }
  refuseForeignOptions(command, beginningOf(options));
  refuseContradictions(options);
  return options;
}

function beginningOf({ code, login }: VerifyOptions): Beginning {
  if (code !== undefined) return 'code';
  return login === undefined ? 'account' : 'login';
}

function refuseContradictions({ code, login, keep, source, expectations, ...rest }: VerifyOptions) {
  const refuse = (message: string, hint?: string) => {
    throw new GsacError('usage', message, { hint });
  };
  if (keep && expectations.revoke) refuse('--keep and --revoke exclude each other.');
  if (source === 'web-redirect' && code !== undefined && rest.redirectUri === undefined) {
    throw new GsacError('redirect_uri_required', '--source web-redirect needs --redirect-uri.');
  }
  if (expectations.noExtraScopes && expectations.scopes === undefined && login === undefined) {
    refuse(
      '--no-extra-scopes needs --expect-scope.',
      'Say which scopes are right: --expect-scope "openid email drive.appdata".',
    );
  }
}

/**
 * Verifies one flow and writes the reports.
 *
 * @returns 6 where a check failed or could not run, or a report could not be written.
 * @throws {GsacError} 2 before anything is sent, 4 without such an account, 5 for the store.
 */
export async function runVerify(
  options: VerifyOptions,
  services: Services,
  output: Output,
): Promise<0 | 6> {
  await checkReports(options, services);
  const order = await toOrder(options, services);
  if (options.expectations.revoke && order.beginning.kind === 'account' && !options.yes) {
    await confirm(services, {
      consequence: `--revoke ends the access of every client of the Cloud project to ${order.name}.`,
      question: 'Revoke it in the end?',
      refusal: 'Nothing was done.',
    });
  }
  const startedAt = services.now();
  const flow = await runFlow(services, order, { shareKeys: false, brief: false });
  const report: VerifyReport = {
    version: services.version,
    plan: undefined,
    startedAt,
    durationMs: services.now() - startedAt,
    outcome: flow.outcome,
    flows: [flow],
  };
  const render = (style: Style) => renderFlow(flow, style);
  return writeReports(report, { wishes: options, warnings: [], render }, services, output);
}

async function toOrder(options: VerifyOptions, services: Services): Promise<FlowOrder> {
  const { code, login, source, redirectUri, codeVerifier, keep, expectations } = options;
  if (login !== undefined) return orderBrowser(services, login, keep, expectations);
  if (code === undefined) return orderAccount(services, expectations);
  const pasted =
    code === '-' ? (await services.readStdin(maxInputBytes)).replace(/\r?\n$/, '') : code;
  return orderCode(services, { pasted, source, redirectUri, codeVerifier }, keep, expectations);
}
