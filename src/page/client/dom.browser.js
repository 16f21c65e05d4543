// The parts of the page are one module: they share what stands here. Text becomes text and never markup.

export const byId = (id) => document.getElementById(id);

/** Makes an element of a tag with classes: `make('p.quiet', { id: 'a' }, 'text', child)`. Null is nothing. */
export function make(what, ...parts) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const part of parts.filter((one) => one !== null && one !== '')) {
    if (part instanceof Node || typeof part !== 'object') element.append(part);
    else for (const name in part) if (part[name] !== null) element.setAttribute(name, part[name]);
  }
  return element;
}

/** Makes a button that does something and says what came of it. */
export function makeButton(what, label, work, properties = {}) {
  const button = make(what, { type: 'button', ...properties }, label);
  button.addEventListener('click', () => act(button, work));
  return button;
}

/** Has a button of the page do something and say what came of it. */
export function onPress(id, work) {
  const button = byId(id);
  button.addEventListener('click', () => act(button, () => work(button)));
}

/** Sets a text only where it differs, so that nobody who listens hears it again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes a list show these items. What is there already stays, with its focus and whatever is open in it.
 * `create` returns an element and how it is brought up to date.
 */
export function show(list, items, keyOf, create) {
  list.shown ??= new Map();
  const before = list.shown;
  list.shown = new Map();
  let last = null;
  for (const item of items) {
    const key = keyOf(item);
    const [element, update] = before.get(key) ?? create(item);
    before.delete(key);
    list.shown.set(key, [element, update]);
    update(item);
    const next = last === null ? list.firstChild : last.nextSibling;
    if (next !== element) list.insertBefore(element, next);
    last = element;
  }
  for (const [element] of before.values()) element.remove();
}

let saidUntil;

/** Says what came of an action, where it is seen and read aloud. */
export function say(text, kind = 'done') {
  const said = byId('said');
  said.dataset.kind = kind;
  said.hidden = false;
  said.textContent = text;
  // What was hidden a moment ago is not read aloud everywhere.
  byId('told').textContent = text;
  clearTimeout(saidUntil);
  saidUntil = setTimeout(
    () => {
      said.hidden = true;
      said.textContent = '';
      byId('told').textContent = '';
    },
    kind === 'error' ? 12_000 : 5_000,
  );
}

/** Asks the emulator. Throws its own words if it refuses. */
export async function ask(method, path, body) {
  const response = await fetch(`_emulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error('The emulator does not answer.');
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error(
    answer.error_description ?? answer.error ?? `The emulator answers ${response.status}.`,
  );
}

/**
 * Does something at a press of a button and says what came of it. The page itself shows what the
 * emulator tells of its state afterwards.
 */
export async function act(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    const said = await work();
    if (said) say(said);
  } catch (error) {
    say(error.message, 'error');
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** Copies a text, for a button that was pressed. */
export async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https only this machine's own pages have a clipboard.
    const field = make('textarea.unseen');
    field.value = text;
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    button.focus();
    if (!isCopied) throw new Error('The browser does not let this page copy. Select the text.');
  }
  return 'Copied.';
}

export const many = (count, one, more = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;

/** A time as the emulator says it, in UTC: `12:34:56`, with its day in full. */
export const timeOf = (iso) => (iso === null ? '' : iso.slice(11, 19));
export const fullTimeOf = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
export const shortScope = (scope) => scope.replace('https://www.googleapis.com/auth/', '');
