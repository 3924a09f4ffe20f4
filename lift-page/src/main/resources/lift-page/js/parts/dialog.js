// A question that must be answered before anything happens.
import { h } from '../dom.js';

/**
 * Shows a question; true only if the reader agrees. The focus goes back to where it was.
 *
 * @param texts what happens, one paragraph each
 */
export function confirm(title, texts, agree) {
  return new Promise((resolve) => {
    const cancel = h(
      'button',
      { type: 'button', class: 'plain', onclick: () => dialog.close('no') },
      'Cancel',
    );
    const dialog = h(
      'dialog',
      { class: 'confirm', 'aria-labelledby': 'confirm-title', onclose: () => close() },
      h('h2', { id: 'confirm-title' }, title),
      texts.map((text) => h('p', {}, text)),
      h(
        'div',
        { class: 'actions' },
        cancel,
        h('button', { type: 'button', onclick: () => dialog.close('yes') }, agree),
      ),
    );
    const close = () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    };
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
