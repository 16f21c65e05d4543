import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { SignInRequest } from '../../../src/emulator/oauth/sign-in.js';
import {
  type Answer,
  assertionOf,
  claimsOf,
  deviceOf,
  type Fields,
  headerOf,
  JWT_BEARER,
  startEmulator,
} from './support.js';

/** What somebody saw who went through one part of a flow. */
export interface Seen {
  readonly status: number;
  readonly json: Fields;
  readonly text: string;
  readonly headers: Headers;
  readonly claims: Fields;
  readonly jwt: Fields;
  /** Statuses of the requests that followed. */
  readonly followed: readonly number[];
  /** The waits that were asked for, in milliseconds. */
  readonly waits: readonly number[];
  /** `code` of what was thrown in the answer's place. */
  readonly thrown?: unknown;
  readonly accessToken?: unknown;
}

const LIST = '/drive/v3/files?spaces=appDataFolder';

/** A new emulator of which each method goes through one part of a flow, as a careful client would. */
export function createProbes() {
  const waits: number[] = [];
  const desk = startEmulator({
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  const { emulator, send, post, redeem, refresh, tokens } = desk;

  function seen(answer: Answer, followed: readonly number[] = []): Seen {
    const idToken = answer.json['id_token'];
    const isJwt = typeof idToken === 'string' && /^[\w-]+\.ey[\w-]+\./.test(idToken);
    return {
      ...answer,
      followed,
      waits,
      claims: isJwt ? claimsOf(idToken) : {},
      jwt: isJwt ? headerOf(idToken) : {},
      accessToken: answer.json['access_token'],
    };
  }
  const list = (accessToken: unknown, path = LIST) =>
    send(path, { headers: { authorization: `Bearer ${accessToken}` } });
  const statusOf = async (answer: Promise<Answer>) => (await answer).status;

  return {
    emulator,
    /** Redeems a code. */
    async code(request: SignInRequest = {}): Promise<Seen> {
      try {
        return seen(await redeem(emulator.signIn(request).code));
      } catch (thrown) {
        const { code } = thrown as { code?: unknown };
        const grants = emulator.state.grants.length;
        return { ...seen(nothing), thrown: code, followed: [grants] };
      }
    },
    /** Asks for a token of a service account. */
    async assertion(): Promise<Seen> {
      const assertion = await assertionOf(emulator);
      return seen(await post('/token', { grant_type: JWT_BEARER, assertion }));
    },
    /** Receives a security event; `followed` has 1 where the published keys verify it, and how many came. */
    async securityEvent(): Promise<Seen> {
      const tokens: string[] = [];
      const server = createServer(async (request, response) => {
        let body = '';
        for await (const piece of request.setEncoding('utf8')) body += piece;
        tokens.push(body);
        response.writeHead(202).end();
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      await emulator.sendEvent({
        event: 'account-disabled',
        receiver: `http://127.0.0.1:${port}/`,
      });
      server.close();
      const keys = (await send('/oauth2/v3/certs')).json as unknown as JSONWebKeySet;
      const [token = ''] = tokens;
      const verified = await compactVerify(token, createLocalJWKSet(keys)).then(
        () => 1,
        () => 0,
      );
      const followed = [verified, tokens.length];
      return { ...seen(nothing, followed), claims: claimsOf(token), jwt: headerOf(token) };
    },
    /** Asks for the codes of a device. */
    deviceCodes: () =>
      deviceOf(desk)
        .askCodes()
        .then((one) => seen(one)),
    /** Asks for the tokens of a device that a person has agreed to. */
    async device(): Promise<Seen> {
      const device = deviceOf(desk);
      await device.start();
      await device.decide('allow');
      return seen(await device.poll());
    },
    /** Redeems a code; `followed` has 1 where the keys published before verify its ID token. */
    async signedCode(): Promise<Seen> {
      const keys = (await send('/oauth2/v3/certs')).json as unknown as JSONWebKeySet;
      const answer = await redeem(emulator.signIn().code);
      const verified = compactVerify(String(answer.json['id_token']), createLocalJWKSet(keys));
      return seen(answer, [
        await verified.then(
          () => 1,
          () => 0,
        ),
      ]);
    },
    workspaceCode: () =>
      redeem(emulator.signIn({ user: 'qa@example.org' }).code).then((one) => seen(one)),
    nonceCode: () => redeem(emulator.signIn({ nonce: 'my-nonce' }).code).then((one) => seen(one)),
    /** Redeems a code twice, then refreshes with what came first. */
    async replay(): Promise<Seen> {
      const { code } = emulator.signIn();
      const first = await redeem(code);
      const second = await redeem(code);
      const refreshed = await refresh(first.json['refresh_token']);
      return seen(second, [first.status, refreshed.status]);
    },
    /** Refreshes, and then once more with the first refresh token. */
    async refresh(): Promise<Seen> {
      const { refresh_token: token } = await tokens();
      const answer = await refresh(token);
      return seen(answer, [await statusOf(refresh(token))]);
    },
    /** Uses what a code brought: Drive, then a refresh. */
    async use(): Promise<Seen> {
      const { access_token: access, refresh_token: token } = await tokens();
      return seen(await list(access), [await statusOf(refresh(token))]);
    },
    async tokeninfo(): Promise<Seen> {
      const { access_token: access } = await tokens();
      return seen(await send(`/tokeninfo?access_token=${access}`));
    },
    async userinfo(): Promise<Seen> {
      const { access_token: access } = await tokens();
      return seen(await list(access, '/v1/userinfo'));
    },
    /** Fetches the published keys; `followed` has 1 where one of them signed a token of before. */
    async certs(): Promise<Seen> {
      const { id_token: idToken } = await tokens();
      const answer = await send('/oauth2/v3/certs');
      const keys = (answer.json['keys'] ?? []) as { kid: string }[];
      return seen(answer, [keys.some(({ kid }) => kid === headerOf(idToken)['kid']) ? 1 : 0]);
    },
    /** Revokes the refresh token, then uses both tokens. */
    async revoke(): Promise<Seen> {
      const { access_token: access, refresh_token: token } = await tokens();
      const answer = await post('/revoke', { token: String(token) });
      return seen(answer, [await statusOf(list(access)), await statusOf(refresh(token))]);
    },
    /** Lists the folder, page by page. */
    async pages(): Promise<Seen> {
      const { access_token: access } = await tokens();
      const first = await list(access, `${LIST}&pageSize=1`);
      const token = encodeURIComponent(String(first.json['nextPageToken']));
      return seen(await list(access, `${LIST}&pageSize=1&pageToken=${token}`), [first.status]);
    },
    /** Downloads a file; `followed` has 1 where its checksum is right. */
    async download(): Promise<Seen> {
      const { access_token: access } = await tokens();
      const found = await list(
        access,
        `${LIST}&fields=files(id,md5Checksum)&q=name='settings.json'`,
      );
      const [file] = found.json['files'] as { id: string; md5Checksum: string }[];
      const answer = await list(access, `/drive/v3/files/${file?.id}?alt=media`);
      const good = createHash('md5').update(answer.text).digest('hex') === file?.md5Checksum;
      return seen(answer, [good ? 1 : 0]);
    },
    /** Begins a resumable upload and finishes it. */
    async upload(): Promise<Seen> {
      const { access_token: access } = await tokens();
      const begun = await send('/upload/drive/v3/files?uploadType=resumable', {
        method: 'POST',
        headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
        body: '{"name":"a.txt","parents":["appDataFolder"]}',
      });
      const location = begun.headers.get('location');
      if (location === null) return seen(begun);
      const { pathname, search } = new URL(location);
      return seen(await send(pathname + search, { method: 'PUT', body: 'abc' }), [begun.status]);
    },
    /** Signs in in a browser and agrees to everything; the answer is the way back to the app. */
    async signIn(): Promise<Seen> {
      const { web } = emulator.clientFile();
      const scope = 'openid https://www.googleapis.com/auth/drive.appdata';
      const query = new URLSearchParams({
        client_id: web.client_id,
        redirect_uri: String(web.redirect_uris[0]),
        response_type: 'code',
        scope,
        state: 'my-state',
      });
      const form = { ...Object.fromEntries(query), _user: 'tester@example.com', _consent: 'allow' };
      const body = new URLSearchParams(form);
      for (const one of scope.split(' ')) body.append('_grant', one);
      const answer = await send(`/o/oauth2/v2/auth?${query}`, { method: 'POST', body });
      const back = new URL(answer.headers.get('location') ?? 'http://nowhere.invalid/');
      return { ...seen(answer), json: Object.fromEntries(back.searchParams) };
    },
    /** Asks twelve times for the keys. */
    async many(): Promise<Seen> {
      const statuses: number[] = [];
      let last = nothing;
      for (let count = 0; count < 12; count += 1) {
        last = await send('/oauth2/v3/certs');
        statuses.push(last.status);
      }
      return seen(last, statuses);
    },
  };
}

/** The parts of a flow. */
export type Probe = Exclude<keyof ReturnType<typeof createProbes>, 'emulator'>;

const nothing: Answer = { status: 0, headers: new Headers(), text: '', json: {} };
