import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { onTestFinished } from 'vitest';

/** What a receiver of security events checks; each check can be left out. */
export interface ReceiverOptions {
  /** Where the keys are published. */
  readonly jwks: string;
  readonly audience: string;
  readonly without?: 'signature' | 'audience' | 'issuer';
}

/** A receiver of security events as Google's guide has it, on a port, until the test has finished. */
export async function startReceiver({ jwks, audience, without }: ReceiverOptions) {
  const keys = createRemoteJWKSet(new URL(jwks));
  const accepted: JWTPayload[] = [];
  const types: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];

  async function check(token: string): Promise<JWTPayload> {
    if (without === 'signature') {
      return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    }
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      ...(without === 'issuer' ? {} : { issuer: 'https://accounts.google.com/' }),
      ...(without === 'audience' ? {} : { audience }),
    });
    if (typeof payload['events'] !== 'object') throw new Error('no events');
    return payload;
  }

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    types.push(request.headers['content-type']);
    await check(body).then(
      (claims) => {
        accepted.push(claims);
        response.writeHead(202).end();
      },
      () => response.writeHead(400).end(),
    );
    for (const resolve of waiting.splice(0)) resolve();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    /** The claims of what was accepted. */
    accepted,
    /** The content types of what came. */
    types,
    /** Resolves once the next event has come. */
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
}
