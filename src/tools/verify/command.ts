import { Command, Option } from 'commander';
import {
  addBrowserOptions,
  type BrowserSignIn,
  readBrowserSignIn,
} from '../../cli/browser-options.js';
import { collect, readDuration } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import { type CodeSource, codeSources } from '../../core/auth-code.js';
import { GsacError } from '../../core/errors.js';
import { parseScopes } from '../../core/scopes.js';
import { confirm } from '../../terminal/confirm.js';
import type { Style } from '../../terminal/style.js';
import type { FlowExpectations } from './expectations.js';
import type { VerifyReport } from './model.js';
import { orderAccount, orderBrowser, orderCode } from './order-flow.js';
import { addPlanOptions, callPlan, isPlanCall, runVerifyPlan } from './plan-command.js';
import type { VerifyPorts } from './ports.js';
import { type Beginning, refuseBlankValues, refuseForeignOptions } from './refused-options.js';
import { renderFlow } from './render-flow.js';
import { checkReports, type ReportWishes, readReports, writeReports } from './reports/write.js';
import { runFlow } from './run-flow.js';
import type { FlowOrder } from './stages/stage.js';
import { type Revocation, warnOfStoredAccounts } from './stored-accounts.js';

/** The flags of `gsac verify` for one flow. */
export interface VerifyOptions extends ReportWishes {
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
}

const maxInputBytes = 65_536;

/** Declares `gsac verify`. */
export function verifyCommand(
  runtime: Runtime,
  ports: VerifyPorts,
  run = runVerify,
  runPlan = runVerifyPlan,
): Command {
  const command = new Command('verify')
    .summary('run a token flow and check it step by step')
    .description(
      'Run a token flow and say, check by check, whether it is right: the exchange, the scopes, the ' +
        'ID token, the refresh, tokeninfo, the appfolder. verify works on a stored account, on a code ' +
        '(--code), or on a sign-in with a browser (--login). It exits with 0 if every check passed, ' +
        'and with 6 if any check failed or could not run.',
    )
    .option('--code <code>', 'the code, or - for stdin; verify spends it')
    .option('--login', 'sign in with a browser, as gsac login does')
    .addOption(
      new Option(
        '--source <source>',
        'where the code comes from; it decides which redirect_uri is sent',
      )
        .choices(codeSources)
        .default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI that the code was issued for')
    .option('--code-verifier <verifier>', 'the PKCE verifier of the authorization request')
    .option('--keep', 'store the refresh token of a code, as gsac exchange does')
    .option('--expect-scope <scope>', 'a scope that must be granted; repeatable', collect)
    .option('--no-extra-scopes', 'fail if any other scope is granted')
    .option('--expect-sub <sub>', 'the sub that the person must have')
    .option('--expect-email <email>', 'the email address that the person must have')
    .option('--expect-hd <domain>', 'the Workspace domain that the person must belong to')
    .option('--require-email-verified', 'fail if email_verified is not true')
    .option('--no-expiring-grant', 'fail if the refresh token has a stated end')
    .option('--clock-tolerance <time>', 'leeway in the ID token’s times', '5m')
    .option('--replay', 'send the code twice; the provider may then revoke the grant')
    .option('--revoke', 'revoke at the end; both tokens must be dead afterwards')
    .option('-y, --yes', 'revoke stored accounts without asking')
    .option(
      '--report <format[=file]>',
      'write a report (tap, junit, json, html), to stdout without a file; repeatable',
      collect,
    )
    .option(
      '--risc-receiver <url>',
      'instead of a flow, check a receiver of security events against the emulator',
    )
    .option('--har <file>', 'write the requests as a HAR, secrets masked; - for stdout');
  addBrowserOptions(command, 'with --login: ');
  return addPlanOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac verify --account tester@example.com --expect-scope drive.appdata\n' +
        '  $ gsac emulator sign-in | gsac verify --code - --replay --revoke \\\n      --report junit=flow.xml\n' +
        '  $ gsac verify --risc-receiver http://localhost:3000/security-events',
    )
    .action(() =>
      isPlanCall(command)
        ? callPlan(runtime, command, ports, runPlan)
        : command.opts()['riscReceiver'] !== undefined
          ? callReceiver(runtime, command, ports)
          : runtime.stream(command, (provided, output) =>
              run(readOptions(command), provided, output, ports),
            ),
    );
}

async function callReceiver(runtime: Runtime, command: Command, ports: VerifyPorts): Promise<void> {
  const { readReceiverCall, renderReceiver, runReceiver } = await import('./receiver.js');
  return runtime.stream(command, async (provided, output) => {
    const { context } = provided;
    const receiver = readReceiverCall(command);
    const wishes = readReports(command.opts());
    await checkReports(wishes, context);
    const { flow, result } = await runReceiver(receiver, provided, ports);
    const run = { plan: undefined, startedAt: flow.startedAt, flows: [flow], warnings: [] };
    const render = (_report: VerifyReport, style: Style) =>
      renderReceiver(result, style, output.isTty());
    return writeReports({ ...run, document: result }, wishes, render, context, output);
  });
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
      clockToleranceSeconds:
        readDuration(text('clockTolerance') ?? '5m', '--clock-tolerance', { most: 86_400_000 }) /
        1000,
      replay: flags['replay'] === true,
      revoke: flags['revoke'] === true,
      failures: [],
    },
    ...readReports(flags),
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
      'Name the scopes that may be granted: --expect-scope "openid email drive.appdata".',
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
  provided: Provided,
  output: Output,
  ports: VerifyPorts,
): Promise<0 | 6> {
  const { context } = provided;
  await checkReports(options, context);
  const order = await toOrder(options, provided, ports);
  const warnings = await warnOfStoredAccounts(provided, toRevocations(order));
  if (options.expectations.revoke && order.beginning.kind === 'account' && !options.yes) {
    await confirm(context, {
      consequence: `--revoke ends the access of every client of the Cloud project to ${order.name}.`,
      question: 'Revoke it at the end?',
      act: 'run',
    });
  }
  const startedAt = context.now();
  const pause = async (milliseconds: number) => {
    context.notices.progress('The revocation has not taken full effect yet; checking again…');
    await provided.system.pause(milliseconds).finally(() => context.notices.progress(''));
  };
  const flow = await runFlow(provided, order, { shareKeys: false, brief: false, pause });
  const run = { plan: undefined, startedAt, flows: [flow], warnings };
  const render = (_report: VerifyReport, style: Style) =>
    renderFlow(flow, style, context.globals.verbose);
  return writeReports(run, options, render, context, output);
}

/** What the flow revokes at the end. */
function toRevocations({ beginning, client, expectations }: FlowOrder): Revocation[] {
  if (!expectations.revoke) return [];
  const opened = beginning.kind === 'account' ? beginning.opened.account : undefined;
  const email = opened?.email ?? expectations.email;
  return [{ clientId: client.clientId, email, account: opened?.key }];
}

async function toOrder(
  options: VerifyOptions,
  provided: Provided,
  ports: VerifyPorts,
): Promise<FlowOrder> {
  const { code, login, source, redirectUri, codeVerifier, keep, expectations } = options;
  if (login !== undefined) return orderBrowser(provided, ports, login, keep, expectations);
  if (code === undefined) return orderAccount(provided, expectations);
  const pasted =
    code === '-' ? (await provided.context.readStdin(maxInputBytes)).replace(/\r?\n$/, '') : code;
  return orderCode(provided, { pasted, source, redirectUri, codeVerifier }, keep, expectations);
}
