// Dark or light: as the system says, until the reader chooses otherwise.
import { fill, icon, setAttr } from './dom.js';

const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

const chosen = () => {
  try {
    return localStorage.getItem('lift.theme');
  } catch {
    return null; // storage may be forbidden
  }
};

const current = () => document.documentElement.dataset.theme;

function apply(theme) {
  if (theme !== current()) {
    document.documentElement.dataset.theme = theme;
    listeners.forEach((listener) => listener(theme));
  }
}

/** Calls back when the theme changes; returns a function that ends that. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The value of a colour variable in the current theme. */
export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function startTheme(button) {
  const show = () => {
    const dark = current() === 'dark';
    fill(button, icon(dark ? 'sun' : 'moon'));
    setAttr(button, 'aria-label', dark ? 'Use the light theme' : 'Use the dark theme');
  };
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('lift.theme', next);
    } catch {
      // then it holds until the page is closed
    }
    apply(next);
  });
  system.addEventListener('change', () => chosen() ?? apply(system.matches ? 'dark' : 'light'));
  onTheme(show);
  show();
}
