// The page: which view is shown, and whether the service is connected.
import { NEEDS_OPERATOR, loadCaller, mayChange, showCaller } from './caller.js';
import { data, fill, h, setAttr, setText } from './dom.js';
import { Live } from './live.js';
import { startTheme } from './theme.js';
import { CreateView } from './views/create.js';
import { OverviewView } from './views/overview.js';
import { TaskView } from './views/task.js';

const content = document.getElementById('content');
const connection = document.getElementById('connection');
const banner = document.getElementById('banner');
const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost' };

const live = new Live((state, sentence) => {
  setAttr(connection, 'data-state', state);
  setText(connection.firstElementChild, WORDS[state]);
  if (state === 'lost') {
    fill(banner, data(sentence));
  } else {
    fill(banner);
  }
});

let view = null;
let key = null;

function route() {
  const [, first, second, third] = location.hash.split('/');
  if (location.hash && !location.hash.startsWith('#/')) {
    return; // a place in the page, not a view
  }
  if (first === 'tasks' && second) {
    const name = decode(second);
    show(`task ${name}`, 'overview', () => new TaskView(live, name));
    view.open(third ?? 'live');
  } else if (first === 'new' && !mayChange()) {
    show('new', 'create', () => refused());
  } else if (first === 'new') {
    show('new', 'create', () => new CreateView(live));
  } else {
    show('overview', 'overview', () => new OverviewView(live));
  }
}

/** In place of a view that the caller's role does not allow. */
function refused() {
  return {
    title: 'New task',
    start() {},
    element: h(
      'div',
      { class: 'panel empty' },
      h('h1', { tabindex: '-1' }, 'New task'),
      h('p', {}, NEEDS_OPERATOR),
      h('a', { href: '#/', role: 'button' }, 'All tasks'),
    ),
  };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not one of ours; the service will say that there is no such task
  }
}

function show(wanted, nav, create) {
  if (wanted === key) {
    return;
  }
  const first = key === null;
  key = wanted;
  view?.stop?.();
  view = create();
  fill(content, view.element);
  document.title = `${view.title} · Lift`;
  for (const link of document.querySelectorAll('[data-nav]')) {
    setAttr(link, 'aria-current', link.dataset.nav === nav ? 'page' : null);
  }
  view.start();
  if (!first) {
    scrollTo(0, 0);
    content.querySelector('h1')?.focus({ preventScroll: true }); // for screen readers
  }
}

document.querySelector('.skip-link').addEventListener('click', (event) => {
  event.preventDefault();
  content.focus();
});
addEventListener('hashchange', route);
startTheme(document.getElementById('theme'));
await loadCaller();
showCaller(document.getElementById('caller'));
document.querySelector('[data-nav="create"]').hidden = !mayChange();
route();
