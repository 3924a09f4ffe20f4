// The stream of events from the service, kept alive: what a view subscribes to.
import * as api from './api.js';

const LONGEST_WAIT = 15_000;
const PATIENCE = 5_000;
const SILENCE = 30_000; // the service says something at least every 10 s
const EVENTS = ['tasks', 'task', 'metrics', 'round', 'lineage', 'predictions', 'events', 'actions', 'alive'];

/** One connection at a time; `open` with another task replaces it. */
export class Live {
  #source = null;
  #task = null;
  #handlers = {};
  #failures = 0;
  #retry = 0;
  #silenceTimer = 0;
  #onState;
  #skew = 0;

  /** @param onState called with `connecting`, `live` or `lost`, and a sentence */
  constructor(onState) {
    this.#onState = onState;
    addEventListener('online', () => this.#reconnectNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.#reconnectNow();
      }
    });
  }

  /**
   * Follows all tasks, or one of them too.
   *
   * @param handlers by event; each is called with the event's data
   */
  open(task, handlers) {
    this.#task = task;
    this.#handlers = handlers;
    this.#failures = 0;
    this.#connect();
  }

  /** The service's clock. */
  now() {
    return Date.now() + this.#skew;
  }

  #connect() {
    this.#end();
    const source = new EventSource(
      this.#task === null ? 'api/stream' : `api/stream?task=${encodeURIComponent(this.#task)}`,
    );
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#onState('live', '');
      this.#awaitNext(source);
    };
    source.onerror = () => this.#failed(source);
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => this.#received(source, name, event.data));
    }
  }

  #received(source, name, text) {
    if (source !== this.#source) {
      return;
    }
    this.#awaitNext(source);
    const message = JSON.parse(text);
    if (typeof message?.now === 'number') {
      this.#skew = message.now - Date.now();
    }
    this.#handlers[name]?.(message);
  }

  // a connection can die without a word, for instance when a laptop sleeps
  #awaitNext(source) {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#failed(source), SILENCE);
  }

  async #failed(source) {
    if (source !== this.#source) {
      return;
    }
    this.#end();
    this.#failures++;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.#failures);
    this.#retry = setTimeout(() => this.#connect(), wait);
    const handlers = this.#handlers;
    const failure = await this.#findReason();
    if (this.#handlers !== handlers || this.#source !== null) {
      return; // another view has opened meanwhile, or the connection is back
    }
    if (failure?.status === 404) {
      this.#onState('live', '');
      handlers.missing?.(failure.message);
    } else {
      this.#onState(
        'lost',
        failure?.status > 0 ? failure.message : 'The connection is lost. Trying again …',
      );
    }
  }

  // an EventSource does not say why it failed
  async #findReason() {
    const options = { signal: AbortSignal.timeout(PATIENCE) };
    try {
      await (this.#task === null ? api.tasks(options) : api.task(this.#task, options));
      return null;
    } catch (failure) {
      return failure;
    }
  }

  #reconnectNow() {
    if (this.#source === null && this.#handlers.tasks) {
      this.#connect();
    }
  }

  #end() {
    clearTimeout(this.#retry);
    clearTimeout(this.#silenceTimer);
    this.#source?.close();
    this.#source = null;
  }
}
