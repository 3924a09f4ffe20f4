// Who looks at the page, and what they may do. The service decides; the page only does not offer
// what it would refuse.
import * as api from './api.js';
import { data, fill, h } from './dom.js';

export const NEEDS_OPERATOR = 'This needs the role operator.';

let me = { operator: true };

/** Asks the service; what it does not say counts as allowed, and is refused when it is tried. */
export async function loadCaller() {
  try {
    me = await api.me();
  } catch {
    me = { operator: true };
  }
}

export const mayChange = () => me.operator !== false;

/** Shows who is signed in, with a way out; nothing where nobody has to sign in. */
export function showCaller(place) {
  place.hidden = me.name === undefined;
  if (!place.hidden) {
    fill(
      place,
      h('span', { class: 'caller-name' }, data(me.name, { cut: true })),
      h('span', { class: 'badge' }, mayChange() ? 'operator' : 'viewer'),
      h(
        'form',
        { method: 'post', action: 'logout' },
        h('button', { type: 'submit', class: 'plain small' }, 'Sign out'),
      ),
    );
  }
}
