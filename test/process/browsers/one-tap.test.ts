import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/requires.js';
import { browserWorld, googleButton, popupOf, signIn } from './support.js';

const tester = 'tester@example.com';

describeWith('chromium', 'One Tap in Chromium', () => {
  const world = browserWorld();
  const { open, heard, clientId } = world;

  const oneTap = (config = '', act = '') => `
    google.accounts.id.initialize({ client_id, callback: say, ${config} });
    const press = () => google.accounts.id.prompt((moment) => say([
      moment.getMomentType(),
      moment.isDisplayed() ||
        (moment.getNotDisplayedReason() ?? moment.getSkippedReason() ?? moment.getDismissedReason()),
    ]));
    ${act}`;
  const press = (page: Page) => page.getByRole('button', { name: 'Press' }).click();
  const dialog = (page: Page) => page.frameLocator('iframe[title="Sign in with Google Dialog"]');
  const isShown = (page: Page) =>
    page.locator('iframe[title="Sign in with Google Dialog"]').count();

  it('gives an ID token for one tap, and says when it is shown and gone', async () => {
    const page = await open(oneTap());
    await press(page);
    expect(await heard(page)).toEqual(['display', true]);
    await dialog(page).getByRole('button', { name: tester }).click();
    expect(await heard(page, 3)).toMatchObject({ select_by: 'user_1tap', client_id: clientId });
    expect(await page.evaluate('said[1]')).toEqual(['dismissed', 'credential_returned']);
    expect(await isShown(page)).toBe(0);
    await press(page);
    await dialog(page).getByRole('button', { name: tester }).click();
    expect(await heard(page, 6)).toMatchObject({ select_by: 'user' });
  });

  it('stays away after the person closed it, until somebody signs in', async () => {
    const page = await open(
      oneTap(
        '',
        `
      google.accounts.id.renderButton(document.getElementById('button'), {});`,
      ),
    );
    await press(page);
    await dialog(page).getByRole('button', { name: 'Close' }).click();
    expect(await heard(page, 2)).toEqual(['skipped', 'user_cancel']);
    await press(page);
    expect(await heard(page, 3)).toEqual(['display', 'suppressed_by_user']);
    expect(await isShown(page)).toBe(0);
    await signIn(await popupOf(page, () => googleButton(page).click()), tester);
    await heard(page, 4);
    await press(page);
    expect(await heard(page, 5)).toEqual(['display', true]);
  });

  it.each([
    ['a tap outside of it', '', 'document.body.click()', ['skipped', 'tap_outside']],
    ['cancel()', '', 'google.accounts.id.cancel()', ['dismissed', 'cancel_called']],
    ['another prompt()', '', 'press()', ['dismissed', 'flow_restarted']],
  ])('goes away for %s', async (_what, config, act, expected) => {
    const page = await open(oneTap(config));
    await press(page);
    await heard(page);
    await page.evaluate(act);
    await heard(page, 2);
    expect(await page.evaluate('said[1]')).toEqual(expected);
  });

  it('stays for a tap outside of it, if the page says so', async () => {
    const page = await open(oneTap('cancel_on_tap_outside: false'));
    await press(page);
    await heard(page);
    await page.evaluate('document.body.click()');
    expect(await isShown(page)).toBe(1);
  });

  it('signs in by itself whoever did so before, until the person signs out', async () => {
    const page = await open(oneTap('auto_select: true'));
    world.google.signIn({ user: 'qa@example.org' });
    await press(page);
    expect(await heard(page, 3)).toMatchObject({ select_by: 'auto' });
    await page.evaluate('google.accounts.id.disableAutoSelect()');
    await press(page);
    expect(await heard(page, 4)).toEqual(['display', true]);
    await dialog(page).getByRole('button', { name: 'qa@example.org' }).click();
    expect(await heard(page, 6)).toMatchObject({ select_by: 'user' });
  });

  it('asks whom of two who did so before', async () => {
    const page = await open(oneTap('auto_select: true'));
    for (const user of [tester, 'qa@example.org']) world.google.signIn({ user });
    await press(page);
    expect(await heard(page)).toEqual(['display', true]);
    await dialog(page).getByRole('button', { name: tester }).waitFor();
  });

  it('is set up in HTML', async () => {
    const page = await open(
      'window.app = { signedIn: say };',
      `<div id="g_id_onload" data-client_id="${clientId}" data-callback="app.signedIn"
        data-nonce="n-2" data-prompt_parent_id="here"></div>
      <div id="here"></div>
      <div class="g_id_signin" data-text="continue_with" data-theme="filled_blue"></div>
      <button class="g_id_signout">Sign out</button>`,
    );
    await page.locator('#here iframe[title="Sign in with Google Dialog"]').waitFor();
    await dialog(page).getByRole('button', { name: tester }).click();
    const { credential } = await heard(page);
    const [, claims = ''] = String(credential).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ nonce: 'n-2' });
    const button = page.frameLocator('iframe[title="Sign in with Google Button"]');
    await button.getByRole('button', { name: 'Continue with Google' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.evaluate('document.cookie')).toContain('g_state=');
  });

  it('stores passwords where the browser can, and calls back', async () => {
    const page = await open(`${oneTap()}
      google.accounts.id.storeCredential({ id: 'a', password: 'b' }, () => say({ stored: true }));`);
    expect(await heard(page)).toEqual({ stored: true });
  });
});
