// Who did what, over all tasks.
import { h, keyed, setText, visible } from '../dom.js';
import { dateTime } from '../format.js';

const MOST = 10;
const OUTCOMES = {
  done: ['Done', '--good'],
  requested: ['Requested', '--second'],
  refused: ['Refused', '--bad'],
  failed: ['Failed', '--warn'],
};

export class ActionsPanel {
  #list = h('ol', { class: 'events' });
  element = h(
    'section',
    { class: 'panel actions-panel', 'aria-labelledby': 'actions-title', hidden: true },
    h('div', { class: 'panel-head' }, h('h2', { id: 'actions-title' }, 'Who did what')),
    this.#list,
  );

  /** @param actions newest first */
  show(actions) {
    this.element.hidden = actions.length === 0;
    keyed(
      this.#list,
      actions.slice(0, MOST),
      (event) => `${event.at} ${event.text}`,
      (event) => {
        const [word, ink] = OUTCOMES[event.action?.outcome] ?? ['', '--third'];
        return h(
          'li',
          { vars: { '--ink': `var(${ink})` } },
          h('b', {}, word),
          h('span', {}),
          h('time', { class: 'numeral muted' }, dateTime(event.at)),
        );
      },
      (item, event) => setText(item.children[1], visible(event.text)),
    );
  }
}
