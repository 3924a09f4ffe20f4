// Numbers and times as the page shows them, in English.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const four = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const NONE = '–';

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export const count = (value) => (known(value) ? whole.format(value) : NONE);

/** A large count in few characters: 1.2K, 3.4M. */
export const short = (value) =>
  known(value) ? (Math.abs(value) < 10_000 ? whole : compact).format(value) : NONE;

/** A share of 0..1. */
export const percent = (value) => (known(value) ? `${one.format(value * 100)} %` : NONE);

/** A probability: certainty is never claimed by rounding. */
export function probability(value) {
  if (!known(value)) {
    return NONE;
  }
  if (value > 0.9995 && value < 1) {
    return '> 99.9 %';
  }
  return value < 0.0005 && value > 0 ? '< 0.1 %' : percent(value);
}

/** Any number, in four digits. */
export function number(value) {
  if (!known(value)) {
    return NONE;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) {
    return value.toExponential(3);
  }
  return size >= 1000 ? whole.format(value) : four.format(value);
}

/** With a fixed number of digits, so that a changing number keeps its width. */
export function fixed(value, digits) {
  return known(value) ? value.toFixed(digits) : NONE;
}

export function millis(value) {
  if (!known(value)) {
    return NONE;
  }
  return value < 10_000 ? `${whole.format(value)} ms` : duration(value);
}

export function duration(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) {
    return `${Math.floor(seconds)} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} days`;
}

export const time = (at) => clock.format(at);
export const dateTime = (at) => moment.format(at);

export function bytes(value) {
  if (!known(value)) {
    return NONE;
  }
  return value < 1024 * 1024
    ? `${one.format(value / 1024)} KiB`
    : `${one.format(value / 1024 / 1024)} MiB`;
}

/** `1 row`, `2 rows`. */
export const plural = (n, word) => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

// what the metrics are called, which way is better and how they are written
const METRICS = {
  accuracy: { name: 'Accuracy', format: percent, higher: true },
  macro_f1: { name: 'Macro F1', format: (v) => fixed(v, 3), higher: true },
  log_loss: { name: 'Log loss', format: (v) => fixed(v, 3), higher: false },
  brier: { name: 'Brier score', format: (v) => fixed(v, 3), higher: false },
  ece: { name: 'Calibration error', format: (v) => fixed(v, 3), higher: false },
  majority: { name: 'Majority class', format: percent },
  mean: { name: 'Always the mean', format: (v) => fixed(v, 3) },
  rmse: { name: 'RMSE', format: number, higher: false },
  mae: { name: 'MAE', format: number, higher: false },
  rae: { name: 'Relative error (RAE)', format: (v) => fixed(v, 3), higher: false },
  r2: { name: 'R²', format: (v) => fixed(v, 3), higher: true },
  coverage: { name: 'Truth in its set or interval', format: percent },
  set_size: { name: 'Labels in a set', format: (v) => fixed(v, 2) },
  interval_width: { name: 'Interval width', format: number },
  abstained: { name: 'Abstained', format: percent },
  accuracy_answered: { name: 'Accuracy of the rest', format: percent, higher: true },
};

export const metric = (key) => METRICS[key] ?? { name: key, format: number };
