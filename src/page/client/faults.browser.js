// Faults: one switch each. A switch stands as the emulator says, also if it was ordered elsewhere.

import { ask, byId, make, makeButton, many, onPress, setText, show } from './dom.browser.js';

let people = [];
let clientIds = [];
const switches = new Map();

/** Builds the catalogue, once. */
export function buildFaults({ common, groups }) {
  byId('groups').replaceChildren(
    ...groups.map(({ title, faults }) => {
      const count = make('span.quiet', String(faults.length));
      return make(
        'details.group',
        make('summary', `${title} `, count),
        ...faults.map((fault) => createFault(fault, common)),
      );
    }),
  );
}

function createFault(fault, common) {
  const { name, summary, answers, times, parameters } = fault;
  const id = `fault-${name}`;
  const fields = make('div.fields');
  const options = make('details', make('summary.quiet', 'Parameters'), fields);
  // Hundreds of fields that nobody may ever see.
  options.addEventListener(
    'toggle',
    () => fields.append(...[...parameters, ...common].map((one) => createField(one, times))),
    { once: true },
  );
  const work = async () => {
    if (toggle.getAttribute('aria-checked') === 'true') {
      await ask('DELETE', `faults?name=${encodeURIComponent(name)}`);
      return `${name} is off.`;
    }
    await ask('POST', 'faults', { name, ...readFields(fields) });
    return `${name} is on.`;
  };
  const toggle = makeButton('button', '', work, {
    role: 'switch',
    'aria-checked': 'false',
    'aria-labelledby': id,
    'aria-describedby': `${id}-summary`,
  });
  switches.set(name, toggle);
  const element = make(
    'div.fault',
    toggle,
    make(
      'div',
      make('p', { class: 'mono', id }, name),
      make(
        'p',
        { class: 'quiet', id: `${id}-summary` },
        answers === null ? summary : `${summary} (${answers})`,
      ),
    ),
    options,
  );
  element.words = [name, summary, answers].join(' ').toLowerCase();
  return element;
}

/** A field for a parameter. What is left empty is not ordered. */
function createField({ name, kind, summary, one_of: oneOf }, times) {
  const choices =
    oneOf ??
    (name === 'user' ? people.map(({ email }) => email) : name === 'client' ? clientIds : null);
  const field =
    choices === null
      ? make('input', {
          name,
          'data-kind': kind,
          spellcheck: 'false',
          autocapitalize: 'off',
          placeholder:
            name === 'times' ? String(times) : kind === 'fields' ? '{"name": "value"}' : null,
        })
      : make(
          'select',
          { name, 'data-kind': kind },
          make('option', { value: '' }, '—'),
          ...choices.map((choice) => make('option', { value: choice }, String(choice))),
        );
  return make('label', make('span.mono', name), field, make('small', summary));
}

function readFields(fields) {
  return Object.fromEntries(
    [...fields.querySelectorAll('[name]')]
      .filter(({ value }) => value.trim() !== '')
      .map((field) => [field.name, readField(field)]),
  );
}

function readField({ name, value, dataset }) {
  if (dataset.kind !== 'fields') return value.trim();
  try {
    return JSON.parse(value);
  } catch {
    throw new Error(`"${name}" must be a JSON object, such as {"name": "value"}.`);
  }
}

export function showFaults({ faults, people: known, clients }) {
  people = known;
  clientIds = clients.map(({ client_id: id }) => id);
  const names = new Set(faults.map(({ name }) => name));
  for (const [name, toggle] of switches) {
    const isOn = String(names.has(name));
    if (toggle.getAttribute('aria-checked') !== isOn) toggle.setAttribute('aria-checked', isOn);
  }
  setText(byId('fault-count'), faults.length === 0 ? 'none active' : `${faults.length} active`);
  byId('mend-all').hidden = faults.length === 0;
  show(
    byId('active'),
    faults,
    ({ id }) => String(id),
    ({ id, name }) => {
      const words = make('p.quiet');
      const work = async () => {
        await ask('DELETE', `faults?id=${id}`);
        return `${name} is off.`;
      };
      const mend = makeButton('button', 'Turn off', work, { 'aria-label': `Turn off ${name}` });
      const element = make('li', make('div', make('p.mono', name), words), mend);
      return [element, (fault) => setText(words, describeFault(fault))];
    },
  );
}

function describeFault({ remaining, hits, fault: { name: _name, times: _times, ...more } }) {
  const words = [
    remaining === 'always' ? 'every request' : `${many(remaining, 'more request')}`,
    `hit ${many(hits, 'time')}`,
    ...Object.entries(more).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
    ),
  ];
  return words.join(' · ');
}

byId('fault-filter').addEventListener('input', ({ currentTarget: field }) => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of byId('groups').children) {
    let inGroup = 0;
    for (const fault of group.querySelectorAll('.fault')) {
      fault.hidden = !words.every((word) => fault.words.includes(word));
      inGroup += fault.hidden ? 0 : 1;
    }
    setText(group.querySelector('summary > span'), String(inGroup));
    group.hidden = inGroup === 0;
    group.open = words.length > 0 && inGroup > 0;
    found += inGroup;
  }
  byId('no-fault').hidden = found > 0;
});
onPress('mend-all', async () => {
  await ask('DELETE', 'faults');
  return 'Every fault is off.';
});
