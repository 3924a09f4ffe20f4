// Elements are built from names, attributes and text. Text only ever enters as text nodes: nothing
// that comes out of a row can become markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Builds an element. Attributes: `class`, any other name, `onclick` and the like for listeners,
 * `vars` for CSS variables; null, undefined and false leave an attribute out. Children: nodes,
 * texts, numbers or arrays of them; null, undefined and false are skipped.
 */
export function h(name, attributes = {}, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function s(name, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

function build(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (key === 'vars') {
      Object.entries(value).forEach(([variable, v]) => setVar(element, variable, v));
    } else if (key === 'value' || key === 'checked' || key === 'selected') {
      element[key] = value;
    } else {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/** Puts children in place of those that are there. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** Changes a text only if it differs, so that nothing flickers and selections stay. */
export function setText(element, text) {
  const next = text ?? '';
  if (element.textContent !== next) {
    element.textContent = next;
  }
}

/** Sets or, with null, removes an attribute if that changes anything. */
export function setAttr(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

export function setVar(element, name, value) {
  const next = String(value);
  if (element.style.getPropertyValue(name) !== next) {
    element.style.setProperty(name, next);
  }
}

/** Text out of rows, kept apart from the direction and the width of what is around it. */
export function data(text, { cut = false } = {}) {
  const shown = visible(text);
  return h('bdi', { class: cut ? 'data cut' : 'data', title: cut ? shown : null }, shown);
}

// controls, marks of direction and other characters that would change how a text looks unseen
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A text with its invisible characters written out. */
export function visible(text) {
  return String(text).replace(
    UNSEEN,
    (c) => '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0'),
  );
}

/**
 * Keeps a parent's children in step with a list: one element per key, reused, moved only when the
 * order changes.
 */
export function keyed(parent, items, keyOf, create, update) {
  const known = parent.liftChildren ?? (parent.liftChildren = new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, element] of known) {
    if (!wanted.has(key)) {
      element.remove();
      known.delete(key);
    }
  }
  let before = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = known.get(key);
    if (!element) {
      element = create(item);
      known.set(key, element);
    }
    update(element, item);
    if (element === before) {
      before = before.nextElementSibling;
    } else {
      parent.insertBefore(element, before);
    }
  }
}

let announcement = 0;

/** Announces a text to screen readers; a later text replaces one that has not been spoken. */
export function announce(text) {
  clearTimeout(announcement);
  announcement = setTimeout(() => {
    document.getElementById('announcer').textContent = text;
  }, 150);
}

const ICONS = {
  sun: [
    'M12 4V2M12 22v-2M4 12H2M22 12h-2M6 6 4.6 4.6M19.4 19.4 18 18M6 18l-1.4 1.4M19.4 4.6 18 6',
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  ],
  moon: ['M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  cross: ['M6.5 6.5l11 11M17.5 6.5l-11 11'],
  pause: ['M9 6v12M15 6v12'],
  play: ['M8 5.5v13l10.5-6.5Z'],
  back: ['M4 10h10a5 5 0 0 1 0 10h-3', 'M8 6l-4 4 4 4'],
  upload: [
    'M12 16V5M7.5 9.5 12 5l4.5 4.5',
    'M4.5 16v2.5a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5V16',
  ],
  plus: ['M12 5v14M5 12h14'],
};

export function icon(name) {
  return s(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    ICONS[name].map((d) => s('path', { d })),
  );
}
