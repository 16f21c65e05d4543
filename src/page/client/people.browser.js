// People: signing in, the code that comes of it, grants.

import {
  act,
  ask,
  byId,
  copy,
  make,
  makeButton,
  many,
  onPress,
  setText,
  shortScope,
  show,
  timeOf,
} from './dom.browser.js';

// The code that was signed in for here, and whether the emulator has told of it.
const signedIn = { code: '', isKnown: false, codes: [] };

export function showPeople({ people, people_count: count, grants, clients, codes }) {
  byId('no-people').hidden = people.length > 0;
  showClients(clients);
  show(
    byId('people-list'),
    people,
    ({ sub }) => sub,
    (person) => createPerson(person),
  );
  for (const { email, sub } of people) {
    const [element] = byId('people-list').shown.get(sub);
    showGrants(
      element.querySelector('.grants'),
      grants.filter(({ user }) => user === email),
    );
  }
  setText(
    byId('people-title'),
    count > people.length ? `People (${count}, the first ${people.length} shown)` : 'People',
  );
  showCode(codes);
}

function createPerson({ email, name, hd }) {
  const remove = async () => {
    if (!confirm(`Remove ${email} with all tokens and files?`)) return undefined;
    await ask('DELETE', `users?email=${encodeURIComponent(email)}`);
    return `${email} was removed.`;
  };
  const element = make(
    'li',
    make(
      'div.person',
      make('div', make('p', email), make('p.quiet', hd === undefined ? name : `${name} · ${hd}`)),
      makeButton('button.main', 'Sign in', () => signInAs(email), {
        'aria-label': `Sign in as ${email}`,
      }),
      makeButton('button', 'Remove', remove, { 'aria-label': `Remove ${email}` }),
    ),
    make('div.grants'),
  );
  return [element, () => undefined];
}

function showGrants(list, grants) {
  show(
    list,
    grants,
    ({ project_id: project }) => project,
    ({ user, client_id: client, project_id: project }) => {
      const words = make('p.quiet');
      const work = async () => {
        await ask('POST', 'revoke', { user, client_id: client });
        return `${user}: the access of ${project} was removed.`;
      };
      const label = `Revoke the access of ${project} to ${user}`;
      const revoke = makeButton('button', 'Revoke', work, { 'aria-label': label });
      const element = make('div.grant', words, client === null ? null : revoke);
      return [
        element,
        ({ scopes, refresh_tokens: tokens }) =>
          setText(
            words,
            `${project}: ${scopes.map(shortScope).join(', ')} · ${tokens === 0 ? 'no refresh token' : many(tokens, 'refresh token')}`,
          ),
      ];
    },
  );
}

function showClients(clients) {
  const list = byId('client');
  const usable = clients.filter(({ kind }) => !['ios', 'android', 'service'].includes(kind));
  show(
    list,
    usable,
    ({ client_id: id }) => id,
    ({ client_id: id, kind, project_id: project }) => [
      make('option', { value: id }, `${project}, ${kind} (${id.slice(0, 20)}…)`),
      () => undefined,
    ],
  );
}

async function signInAs(user) {
  const source = byId('source').value;
  const scopes = byId('scopes').value.trim();
  const answer = await ask('POST', 'sign-in', {
    user,
    source,
    client_id: byId('client').value || undefined,
    scopes: scopes === '' ? undefined : scopes,
  });
  Object.assign(signedIn, { code: answer.code, isKnown: false });
  byId('code').hidden = false;
  setText(byId('code-user'), answer.user.email);
  byId('code-text').value = answer.code;
  const flags = source === 'ios' ? '' : `--source ${source} `;
  const uri = source === 'web-redirect' ? `--redirect-uri '${answer.redirect_uri}' ` : '';
  setText(byId('code-command'), `gsac exchange ${flags}${uri}'${answer.code}'`);
  showCode(signedIn.codes);
  hideQr();
  byId('code').scrollIntoView({ block: 'nearest' });
  return `${answer.user.email} signed in. The code is above the list of people.`;
}

function showCode(codes) {
  signedIn.codes = codes;
  const waiting = codes.find(({ ends }) => signedIn.code.endsWith(ends));
  if (waiting !== undefined) signedIn.isKnown = true;
  const words =
    waiting === undefined
      ? 'Exchanged or expired.'
      : `Nobody has exchanged it yet. It works once, until ${timeOf(waiting.expires_at)} UTC.`;
  setText(byId('code-state'), signedIn.isKnown ? words : '');
}

function hideQr() {
  byId('qr').hidden = true;
  byId('qr').replaceChildren();
  byId('code-qr').setAttribute('aria-expanded', 'false');
}

/** Draws a code as the emulator reckoned it: a row of 0 and 1 for each line. */
function drawQr(rows) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the one-time code');
  svg.setAttribute('shape-rendering', 'crispEdges');
  const path = document.createElementNS(space, 'path');
  const squares = rows.flatMap((row, y) =>
    [...row].flatMap((dark, x) => (dark === '1' ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  path.setAttribute('d', squares.join(''));
  svg.append(path);
  return svg;
}

onPress('code-copy', (button) => copy(button, signedIn.code));
byId('code-text').addEventListener('focus', ({ currentTarget: field }) => field.select());
onPress('code-qr', async (button) => {
  if (!byId('qr').hidden) return hideQr();
  const { rows } = await ask('POST', 'page/qr', { text: signedIn.code });
  byId('qr').replaceChildren(drawQr(rows));
  byId('qr').hidden = false;
  return button.setAttribute('aria-expanded', 'true');
});
byId('add-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  void act(form.querySelector('button'), async () => {
    const { email } = await ask('POST', 'users', {
      email: byId('add-email').value.trim(),
      name: byId('add-name').value.trim() || undefined,
      hd: byId('add-domain').value.trim() || undefined,
    });
    form.reset();
    return `${email} was added.`;
  });
});
