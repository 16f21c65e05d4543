// The stream of events. A window that nobody sees holds no connection: browsers have few for one host.

import { showClock, showEnvironment, showFolders, showNow } from './controls.browser.js';
import { ask, byId, say, setText } from './dom.browser.js';
import { buildFaults, showFaults } from './faults.browser.js';
import { showPeople } from './people.browser.js';
import { filterRows, takeFindings, takeRequests } from './requests.browser.js';

const isEmulator = document.body.dataset.mode === 'emulator';
const whose = isEmulator ? 'the emulator' : 'gsac';
let events;
let isOver = false;

function tellConnection(kind, text) {
  byId('connection').dataset.kind = kind;
  setText(byId('connection'), text);
}

function connect() {
  if (isOver || events !== undefined) return;
  events = new EventSource('_emulator/page/events');
  const take = (name, work) => events.addEventListener(name, ({ data }) => work(JSON.parse(data)));
  events.addEventListener('open', () => {
    if (isEmulator) void describe();
  });
  take('state', (state) => {
    tellConnection('open', state.origin ?? `${state.command} is running`);
    takeFindings(state.findings);
    if (!isEmulator) return;
    showPeople(state);
    showFaults(state);
    showClock(state);
    showFolders(state);
  });
  take('pulse', showNow);
  take('requests', takeRequests);
  take('end', () => {
    isOver = true;
    disconnect();
    tellConnection('over', 'The command has ended. This page keeps what it shows.');
  });
  events.addEventListener('error', () => {
    const isRefused = events?.readyState === EventSource.CLOSED;
    tellConnection(
      'lost',
      isRefused
        ? `This address is not ${whose}'s any more. Open the one that it printed last.`
        : `No connection to ${whose}. Trying again…`,
    );
  });
}

function disconnect() {
  events?.close();
  events = undefined;
}

/** What stays the same for as long as an emulator runs. */
async function describe() {
  try {
    const { faults, environment: texts } = await ask('GET', 'page/about');
    if (byId('groups').childElementCount === 0) buildFaults(faults);
    showEnvironment(texts);
  } catch (error) {
    say(error.message, 'error');
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) disconnect();
  else connect();
});
// A page that comes back from the browser's memory has lost its connection.
addEventListener('pagehide', disconnect);
addEventListener('pageshow', connect);
filterRows();
connect();
