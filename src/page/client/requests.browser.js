// The requests, newest first. The server sends them in batches; no more than `mostRows` are kept here.

import {
  ask,
  byId,
  fullTimeOf,
  make,
  many,
  onPress,
  setText,
  show,
  timeOf,
} from './dom.browser.js';

const mostRows = 400;
const spokenEveryMs = 15_000;

const feed = { run: undefined, next: 0, paused: false, waiting: [], heard: 0, refused: 0 };
const rowList = byId('rows');

/** Takes a batch as the server sent it. */
export function takeRequests({ run, next, rows }) {
  if (run !== feed.run) {
    rowList.replaceChildren();
    Object.assign(feed, { run, next: 0, waiting: [], heard: 0, refused: 0 });
  }
  const fresh = rows.filter(({ id }) => id >= feed.next);
  feed.next = next;
  feed.heard += fresh.length;
  feed.refused += fresh.filter(isRefused).length;
  if (feed.paused) feed.waiting = [...feed.waiting, ...fresh].slice(-mostRows);
  else addRows(fresh);
  describeCount();
}

function addRows(rows) {
  const added = document.createDocumentFragment();
  for (const row of rows.slice(-mostRows).reverse()) added.append(createRow(row));
  rowList.prepend(added);
  while (rowList.childElementCount > mostRows) {
    // What somebody reads goes last.
    const closed = rowList.querySelectorAll(':scope > li:not(:has(> details[open]))');
    (closed.length > 0 ? closed[closed.length - 1] : rowList.lastElementChild).remove();
  }
  filterRows();
}

const isRefused = ({ status, error }) => status === null || status >= 400 || error !== '';

/** A cause that is only possible is worth a line where it is a usual one of the error. */
function nameCause({ cause, likelihood, check }) {
  if (likelihood !== 'possible') return cause;
  return check === undefined ? '' : `most often ${cause}`;
}

function createRow(row) {
  const { at, host, path, status, method, about, error, diagnosis, failure } = row;
  const refused = isRefused(row);
  const [cause] = diagnosis;
  const said = cause === undefined ? '' : nameCause(cause);
  const summary = make(
    'summary',
    make('span', { class: 'time', title: at === null ? null : fullTimeOf(at) }, timeOf(at)),
    make('span.status', status === null ? 'none' : String(status)),
    make('span', method),
    make(
      'span.path',
      host === null ? null : make('span.about', host),
      host === null ? null : make('wbr'),
      path,
      about.length === 0 ? null : make('span.about', `  ${about.join(' · ')}`),
    ),
    make('span.took', `${Math.round(row.duration_ms)} ms`),
    refused
      ? make(
          'span.why',
          make('span.error', error || failure),
          said === '' ? null : make('span.mono', `→ ${said}`),
        )
      : null,
  );
  const details = make('details', summary);
  // Most are never opened.
  details.addEventListener('toggle', () => details.append(createExchange(row)), { once: true });
  const item = make('li', { class: refused ? 'refused' : 'answered' }, details);
  item.words = [status, method, host, path, ...about, error, cause?.cause].join(' ').toLowerCase();
  return item;
}

function createExchange(row) {
  const { at, request, response, failure, seen, diagnosis, status, error } = row;
  const parts = [];
  if (diagnosis.length > 0) {
    parts.push(make('div', make('h3', 'What gsac says'), createCauses(diagnosis)));
  } else if (error !== '' || failure !== '') {
    parts.push(make('p', error || failure));
  }
  if (seen.length > 0) parts.push(make('p.quiet', `Seen: ${seen.join('; ')}.`));
  parts.push(
    make(
      'div',
      make('h3', 'Request ', at === null ? null : make('small', fullTimeOf(at))),
      make('pre', request.url),
      createHeaders(request.headers),
      request.body === '' ? null : make('pre', request.body),
    ),
  );
  const heading = make('h3', 'Response');
  if (response !== null) {
    parts.push(
      make(
        'div',
        heading,
        createHeaders(response.headers),
        response.body === '' ? null : make('pre', response.body),
      ),
    );
  } else if (status !== null) {
    const words = 'Not kept: no page was open when it was sent. Refusals are always kept.';
    parts.push(make('div', heading, make('p.quiet', words)));
  }
  return make('div.exchange', ...parts);
}

/** The causes of a refusal: the likeliest with what helps, the others by their names. */
function createCauses(diagnosis) {
  const best = diagnosis.filter(({ likelihood }) => likelihood === diagnosis[0].likelihood);
  const shown = best.slice(0, 3);
  const others = diagnosis.filter((one) => !shown.includes(one)).map(({ cause }) => cause);
  const items = shown.map(({ cause, likelihood, why, evidence, fix, docs }) =>
    make(
      'li',
      make('p', make('span.cause', cause), make('span.quiet', ` ${likelihood}`)),
      make('p', why),
      evidence.length === 0 ? null : make('p.quiet', `Evidence: ${evidence.join('; ')}.`),
      make('ul', ...fix.map((step) => make('li', step))),
      /^https:\/\//.test(docs)
        ? make('a', { href: docs, rel: 'noreferrer noopener', target: '_blank' }, 'Documentation')
        : null,
    ),
  );
  const more = others.length === 0 ? null : make('p.quiet', `Or: ${others.join(', ')}.`);
  return make('div', make('ul.causes', ...items), more);
}

function createHeaders(headers) {
  if (headers.length === 0) return null;
  return make(
    'dl.headers',
    ...headers.flatMap(([name, value]) => [make('dt', name), make('dd', value)]),
  );
}

export function filterRows() {
  const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const only = byId('only-refused').checked;
  let shown = 0;
  for (const item of rowList.children) {
    const isShown =
      (!only || item.classList.contains('refused')) &&
      words.every((word) => item.words.includes(word));
    item.hidden = !isShown;
    shown += isShown ? 1 : 0;
  }
  byId('no-rows').hidden = rowList.childElementCount > 0;
  byId('no-match').hidden = shown > 0 || rowList.childElementCount === 0;
}

function describeCount() {
  const kept = rowList.childElementCount;
  const waiting = feed.waiting.length;
  const words = [
    feed.next === 0 ? '' : many(feed.next, 'request'),
    feed.next > kept + waiting ? `the newest ${kept} shown` : '',
    feed.paused ? `paused, ${waiting} waiting` : '',
  ];
  setText(byId('count'), words.filter((word) => word !== '').join(', '));
}

// Read aloud now and then and only if there is something new: a stream that is read whole is noise.
setInterval(() => {
  const { heard, refused } = feed;
  Object.assign(feed, { heard: 0, refused: 0 });
  if (heard === 0) return;
  const words = refused === 0 ? '' : `, ${refused} refused`;
  byId('spoken').textContent = `${many(heard, 'new request')}${words}.`;
}, spokenEveryMs);

export function takeFindings(findings = []) {
  byId('noted').hidden = findings.length === 0;
  show(
    byId('findings'),
    findings,
    ({ code, message }) => `${code} ${message}`,
    ({ code, message, hint, diagnosis }) => [
      make(
        'li',
        make('p', make('span.mono', code), ` ${message}`),
        make('p.quiet', hint),
        diagnosis.length === 0 ? null : createCauses(diagnosis),
      ),
      () => undefined,
    ],
  );
}

byId('filter').addEventListener('input', filterRows);
byId('only-refused').addEventListener('change', filterRows);
byId('pause').addEventListener('click', ({ currentTarget: button }) => {
  feed.paused = !feed.paused;
  button.setAttribute('aria-pressed', String(feed.paused));
  if (!feed.paused) addRows(feed.waiting.splice(0));
  describeCount();
});
onPress('forget', async () => {
  await ask('DELETE', 'requests');
  return 'The emulator forgot the requests.';
});
