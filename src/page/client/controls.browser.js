// The clock, the files and the environment of other clients.

import {
  act,
  ask,
  byId,
  copy,
  fullTimeOf,
  make,
  makeButton,
  many,
  onPress,
  setText,
  show,
} from './dom.browser.js';

let emulatorNow;
let folders = [];
let environment = [];
let listed = '';

export function showNow({ now }) {
  emulatorNow = now;
  setText(byId('now'), fullTimeOf(now));
  byId('now').dateTime = now;
}

export function showClock({ ahead_seconds: ahead }) {
  setText(
    byId('ahead'),
    ahead === 0 ? '' : `set ${ahead > 0 ? 'forward' : 'back'} by ${spanOf(ahead)}`,
  );
  byId('clock-reset').hidden = ahead === 0;
}

function spanOf(seconds) {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  let left = Math.round(Math.abs(seconds));
  const words = units.flatMap(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [many(count, name)];
  });
  return words.slice(0, 2).join(' ') || 'less than a second';
}

async function setClock(...change) {
  const { now } = await ask(...change);
  return `The emulator's clock shows ${fullTimeOf(now)}.`;
}

const advance = (seconds) => setClock('POST', 'clock', { advance_seconds: seconds });

for (const button of document.querySelectorAll('[data-seconds]')) {
  button.addEventListener('click', () =>
    act(button, () => advance(Number(button.dataset.seconds))),
  );
}
byId('clock-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const wanted = Date.parse(`${byId('clock-to').value}Z`);
  void act(event.currentTarget.querySelector('button'), () =>
    advance((wanted - Date.parse(emulatorNow)) / 1000),
  );
});
onPress('clock-reset', () => setClock('DELETE', 'clock'));

const keyOfFolder = ({ user, project_number: project }) => `${user} ${project}`;

export function showFolders({ folders: known }) {
  folders = known;
  show(byId('folder'), folders, keyOfFolder, (folder) => {
    const option = make('option', { value: keyOfFolder(folder) });
    return [
      option,
      ({ user, project_id: project, count }) =>
        setText(option, `${user} · ${project} · ${many(count, 'file')}`),
    ];
  });
  void listFiles();
}

const chosenFolder = () => folders.find((folder) => keyOfFolder(folder) === byId('folder').value);

/** Asks for the files of the folder that is chosen, if it is another one or has changed. */
async function listFiles() {
  const folder = chosenFolder();
  const wanted = folder === undefined ? '' : `${keyOfFolder(folder)} ${folder.revision}`;
  if (wanted === listed && wanted !== '') return;
  listed = wanted;
  const { files } =
    folder === undefined ? { files: [] } : await askFiles(folder).catch(() => ({ files: [] }));
  if (wanted !== listed) return;
  byId('no-files').hidden = files.length > 0;
  byId('file-list').replaceChildren(...(files.length === 0 ? [] : [createTable(folder, files)]));
}

function askFiles({ user, project_number: project }, id) {
  const query = new URLSearchParams({ user, project, ...(id === undefined ? {} : { id }) });
  return ask('GET', `page/files?${query}`);
}

function createTable(folder, files) {
  const rows = files.map(({ id, name, size, modified_at: modified }) => {
    const open = makeButton('button.link', name, () => openFile(folder, id));
    return make(
      'tr',
      make('th', { scope: 'row' }, open),
      make('td', modified.slice(0, 16).replace('T', ' ')),
      make('td.number', `${size.toLocaleString('en')} B`),
    );
  });
  const head = ['Name', 'Modified (UTC)', 'Size'].map((title, at) =>
    make('th', { scope: 'col', class: at === 2 ? 'number' : null }, title),
  );
  const words = folder.count > files.length ? `The newest ${files.length} of ${folder.count}.` : '';
  return make(
    'div',
    make('table', make('thead', make('tr', ...head)), make('tbody', ...rows)),
    words === '' ? null : make('p.quiet', words),
  );
}

async function openFile(folder, id) {
  const file = await askFiles(folder, id);
  if (file.text === undefined) throw new Error('The file is no longer there.');
  setText(byId('file-name'), `${file.name} (${file.mime_type})`);
  byId('file-text').textContent = file.is_cut ? `${file.text}\n… (cut here)` : file.text;
  byId('file').hidden = false;
  byId('file').scrollIntoView({ block: 'nearest' });
}

byId('folder').addEventListener('change', () => {
  byId('file').hidden = true;
  void listFiles();
});
byId('file-close').addEventListener('click', () => {
  byId('file').hidden = true;
  byId('folder').focus();
});

export function showEnvironment(known) {
  environment = known;
  byId('notation').replaceChildren(
    ...environment.map(({ name }, at) => make('option', { value: at }, name)),
  );
  chooseNotation();
}

const chosenText = () => environment[Number(byId('notation').value)]?.text ?? '';
const chooseNotation = () => setText(byId('environment-text'), chosenText().trimEnd());

byId('notation').addEventListener('change', chooseNotation);
onPress('environment-copy', (button) => copy(button, chosenText()));
