import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { OAuth2Client } from 'google-auth-library';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/intercept/authority.js';
import { describeWith } from '../../support/requires.js';
import { browserWorld, clientSecret, googleButton, launch, popupOf, signIn } from './support.js';

const tester = 'tester@example.com';
const appdata = 'https://www.googleapis.com/auth/drive.appdata';

describeWith('chromium', 'Google’s script in Chromium', () => {
  const world = browserWorld();
  const { open, heard, clientId } = world;
  const press = (page: Page) => page.getByRole('button', { name: 'Press' }).click();
  const codeClient = (more = '') => `
    const client = google.accounts.oauth2.initCodeClient({
      client_id, scope, callback: say, error_callback: ({ type, message }) => say({ type, message }), ${more}
    });
    const press = () => client.requestCode();`;
  const backend = () =>
    new OAuth2Client({ clientId, clientSecret, endpoints: world.google.endpoints });
  const redeem = (code: unknown, redirect_uri = 'postmessage') =>
    backend().getToken({ code: String(code), redirect_uri });

  it('gives a code in a popup, which brings a refresh token every time', async () => {
    const page = await open(codeClient("state: 'kept'"));
    for (const count of [1, 2]) {
      const popup = await popupOf(page, () => press(page));
      await popup.getByRole('button', { name: tester }).click();
      await popup.getByRole('checkbox', { name: 'configuration data' }).check();
      await popup.getByRole('button', { name: 'Continue' }).click();
      const answer = await heard(page, count);
      expect(answer).toMatchObject({ state: 'kept', scope: expect.stringContaining(appdata) });
      await expect.poll(() => popup.isClosed()).toBe(true);
      const { tokens } = await redeem(answer['code'], count === 1 ? 'postmessage' : world.app);
      expect(tokens.refresh_token).toMatch(/^1\/\/0/);
    }
  });

  it('skips the choice of the account for a hint, unless select_account asks for it', async () => {
    const hint = `login_hint: '${tester}'`;
    const page = await open(codeClient(hint));
    const popup = await popupOf(page, () => press(page));
    await popup.getByRole('heading', { name: 'wants access' }).waitFor();
    const other = await open(codeClient(`${hint}, select_account: true`));
    const asking = await popupOf(other, () => press(other));
    await asking.getByRole('heading', { name: 'Choose an account' }).waitFor();
  });

  it('offers the users of a Workspace domain only, if it is told one', async () => {
    const page = await open(codeClient("hd: 'example.org'"));
    const popup = await popupOf(page, () => press(page));
    await popup.getByRole('button', { name: 'qa@example.org' }).waitFor();
    expect(await popup.getByRole('button', { name: tester }).count()).toBe(0);
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('covers what was granted before if include_granted_scopes is %s: %s', async (flag, all) => {
    await redeem(world.google.signIn({ source: 'web-popup', scopes: ['drive.file'] }).code);
    const page = await open(codeClient(`include_granted_scopes: ${flag}`));
    await signIn(await popupOf(page, () => press(page)), tester);
    const { scope } = await heard(page);
    expect(String(scope).includes('drive.file')).toBe(all);
  });

  it('tells the page that the person refused, or closed the popup', async () => {
    const page = await open(codeClient());
    await signIn(await popupOf(page, () => press(page)), tester, 'Cancel');
    expect(await heard(page)).toEqual({ error: 'access_denied' });
    const popup = await popupOf(page, () => press(page));
    await popup.getByRole('heading').waitFor();
    await popup.close();
    expect(await heard(page, 2)).toEqual({ type: 'popup_closed', message: 'Popup window closed' });
  });

  it('tells the page that its popup was blocked', async () => {
    const page = await open(`${codeClient()} press();`);
    expect(await heard(page)).toMatchObject({
      type: 'popup_failed_to_open',
      message: expect.stringContaining('Maybe blocked by the browser?'),
    });
  });

  it('loses its popup in a page whose opener policy is same-origin', async () => {
    const headers = { 'cross-origin-opener-policy': 'same-origin' };
    const page = await open(codeClient(), '', headers);
    await press(page);
    expect(await heard(page)).toMatchObject({ type: 'popup_closed' });
  });

  it('needs what Google says of a content security policy, and no more', async () => {
    const google = 'https://accounts.google.com/gsi/';
    const policy = [
      "default-src 'none'",
      `script-src 'unsafe-inline' ${google}client`,
      `frame-src ${google}`,
      `connect-src ${google}`,
      `style-src ${google}style`,
      'img-src data:',
    ];
    const page = await open(withButton(), '', { 'content-security-policy': policy.join('; ') });
    await signIn(await popupOf(page, () => googleButton(page).click()), tester);
    expect(await heard(page, 2)).toMatchObject({ select_by: 'btn_confirm' });
  });

  it('refuses the button of a page that hides its origin, as Google does', async () => {
    const page = await open(withButton(), '', { 'referrer-policy': 'no-referrer' });
    await page.frameLocator('iframe').getByText('403').waitFor();
    expect(await googleButton(page).count()).toBe(0);
  });

  it('refuses pages of another origin in the popup, the button and the prompt', async () => {
    const script = `${codeClient()}
      google.accounts.id.initialize({ client_id, callback: say });
      google.accounts.id.renderButton(document.getElementById('button'), {});
      google.accounts.id.prompt((moment) => say({ reason: moment.getNotDisplayedReason() }));`;
    const page = await open(
      script.replaceAll('client_id', "client_id: client_id.replace('-app', '-elsewhere')"),
    );
    const logged: string[] = [];
    page.on('console', (message) => logged.push(message.text()));
    await page.reload();
    expect(await heard(page)).toEqual({ reason: 'unregistered_origin' });
    expect(logged).toContain(
      '[GSI_LOGGER]: The given origin is not allowed for the given client ID.',
    );
    expect(await googleButton(page).count()).toBe(0);
    const popup = await popupOf(page, () => press(page));
    await popup.getByText('Error 400: origin_mismatch').waitFor();
    await popup.close();
    expect(await heard(page, 2)).toMatchObject({ type: 'popup_closed' });
  });

  it('throws for a client without an ID or a scope', async () => {
    const page = await open('');
    for (const config of ['{ scope, callback: say }', '{ client_id, callback: say }']) {
      const making = page.evaluate(`google.accounts.oauth2.initCodeClient(${config})`);
      await expect(making).rejects.toThrow('Missing required parameter');
    }
  });

  it('gives access tokens with which the page calls Google’s APIs, and takes them back', async () => {
    const page = await open(`
      const client = google.accounts.oauth2.initTokenClient({ client_id, scope, callback: say });
      const press = () => client.requestAccessToken();`);
    const popup = await popupOf(page, () => press(page));
    await popup.getByRole('button', { name: tester }).click();
    await popup.getByRole('checkbox', { name: 'configuration data' }).check();
    await popup.getByRole('button', { name: 'Continue' }).click();
    expect(await heard(page)).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    const oauth2 = 'google.accounts.oauth2';
    expect(
      await page.evaluate(`[
        ${oauth2}.hasGrantedAllScopes(said[0], 'email', '${appdata}'),
        ${oauth2}.hasGrantedAllScopes(said[0], 'email', 'profile'),
        ${oauth2}.hasGrantedAnyScope(said[0], 'email', 'profile'),
        ${oauth2}.hasGrantedAnyScope(said[0], 'profile'),
      ]`),
    ).toEqual([true, false, true, false]);
    const listing = `fetch('https://www.googleapis.com/drive/v3/files?spaces=appDataFolder', {
      headers: { authorization: 'Bearer ' + said[0].access_token } }).then((answer) => answer.status)`;
    expect(await page.evaluate(listing)).toBe(200);
    const { tokens } = await redeem(world.google.signIn({ source: 'web-popup' }).code);
    await page.evaluate(`${oauth2}.revoke(said[0].access_token, say)`);
    expect(await heard(page, 2)).toEqual({ successful: true });
    expect(await page.evaluate(listing)).toBe(401);
    const later = backend();
    later.setCredentials({ refresh_token: tokens.refresh_token ?? '' });
    await expect(later.getAccessToken()).rejects.toThrow('invalid_grant');
  });

  it('asks nothing of a person who has agreed before, if the prompt is empty or none', async () => {
    const page = await open(`
      const client = google.accounts.oauth2.initTokenClient({ client_id, scope, callback: say });
      let prompt = 'none';
      const press = () => client.requestAccessToken({ prompt, login_hint: '${tester}' });`);
    await popupOf(page, () => press(page));
    expect(await heard(page)).toEqual({ error: 'interaction_required' });
    world.google.signIn({ scopes: ['openid', 'email', 'drive.appdata'] });
    await popupOf(page, () => press(page));
    expect(await heard(page, 2)).toHaveProperty('access_token');
    await page.evaluate("prompt = ''");
    await popupOf(page, () => press(page));
    expect(await heard(page, 3)).toHaveProperty('access_token');
  });

  const withButton = (config = 'callback: say') => `
    google.accounts.id.initialize({ client_id, nonce: 'n-1', ${config} });
    google.accounts.id.renderButton(document.getElementById('button'), { state: 'b-1' }, () => say('clicked'));`;

  it('gives an ID token by the button, which google-auth-library verifies', async () => {
    const page = await open(withButton());
    const popup = await popupOf(page, () => googleButton(page).click());
    expect(await heard(page)).toBe('clicked');
    await signIn(popup, 'qa@example.org');
    const answer = await heard(page, 2);
    expect(answer).toMatchObject({ select_by: 'btn_confirm', client_id: clientId, state: 'b-1' });
    const verifier = new OAuth2Client({ endpoints: world.google.endpoints });
    const idToken = String(answer['credential']);
    const ticket = await verifier.verifyIdToken({ idToken, audience: clientId });
    expect(ticket.getPayload()).toMatchObject({ email: 'qa@example.org', nonce: 'n-1' });
    const again = await popupOf(page, () => googleButton(page).click());
    await again.getByRole('button', { name: 'qa@example.org' }).click();
    expect(await heard(page, 4)).toMatchObject({ select_by: 'btn' });
  });

  it.each([
    ['in a popup', ''],
    ['without one', "ux_mode: 'redirect'"],
  ])('posts the ID token to the app’s endpoint, with its cookie, %s', async (_how, mode) => {
    const page = await open(withButton(`login_uri: '${world.app}/login', ${mode}`));
    if (mode === '') {
      await signIn(await popupOf(page, () => googleButton(page).click()), tester);
    } else {
      await googleButton(page).click();
      await signIn(page, tester);
    }
    await page.waitForURL(`${world.app}/login`);
    const [{ body, cookie } = { body: new URLSearchParams(), cookie: '' }] = world.posted;
    const token = body.get('g_csrf_token');
    expect(token).toMatch(/^\w{16}$/);
    expect(cookie.split('; ')).toContain(`g_csrf_token=${token}`);
    expect(body.get('credential')).toMatch(/^eyJ/);
    expect([body.get('select_by'), body.get('state')]).toEqual(['btn_confirm', 'b-1']);
  });

  it('learns nothing from a popup of the button in which the person cancels', async () => {
    const page = await open(withButton());
    const popup = await popupOf(page, () => googleButton(page).click());
    await signIn(popup, tester, 'Cancel');
    const again = await popupOf(page, () => googleButton(page).click());
    await signIn(again, tester);
    await heard(page, 3);
    expect(await page.evaluate('said.map((what) => what.select_by ?? what)')).toEqual([
      'clicked',
      'clicked',
      'btn_confirm',
    ]);
  });

  it('ends access by a user’s email address', async () => {
    const page = await open(`${withButton()}
      const press = () => google.accounts.id.revoke('${tester}', say);`);
    await press(page);
    expect(await heard(page)).toMatchObject({ successful: false });
    world.google.signIn();
    await press(page);
    expect(await heard(page, 2)).toEqual({ successful: true });
  });

  it('trusts the certificates of this emulator only, as Puppeteer starts it', async () => {
    const other = createAuthority(Date.now);
    const foreign = createServer({
      SNICallback: (_name, done) => done(null, other.contextFor('localhost')),
    });
    await once(foreign.listen(0), 'listening');
    onTestFinished(() => void foreign.close());
    const puppeteer = await launch(world.intercepted.browser.puppeteer);
    onTestFinished(() => puppeteer.close());
    const page = await puppeteer.newPage();
    const loaded = await page.goto('https://accounts.google.com/gsi/client');
    expect(loaded?.status()).toBe(200);
    const { port } = foreign.address() as AddressInfo;
    await expect(page.goto(`https://localhost:${port}`)).rejects.toThrow('ERR_CERT');
  });
});
