// Requests to the service. Whatever fails becomes a Failure with one sentence for the reader.

export class Failure extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.status = status;
  }
}

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      cache: 'no-store',
      headers: { Accept: 'application/json, application/problem+json', ...options.headers },
    });
  } catch {
    throw new Failure('The service cannot be reached. Is it running? Run lift status.');
  }
  if (response.status === 401) {
    location.assign('login');
    throw new Failure('This page needs you to sign in.', 401);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    const sentence =
      typeof body?.detail === 'string' ? body.detail : `The service answered ${response.status}.`;
    throw new Failure(sentence, response.status);
  }
  return body;
}

const post = (path, body) =>
  send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

const of = (task) => `api/tasks/${encodeURIComponent(task)}`;

export const me = () => send('api/me');
export const task = (name, options) => send(of(name), options);
export const tasks = (options) => send('api/tasks', options);
export const tryRow = (name, row, explain) =>
  post(`${of(name)}/try${explain ? '?explain=true' : ''}`, row);
export const rollBack = (name, version) => post(`${of(name)}/rollback`, { version });
export const deadLetters = (name) =>
  send(`api/dead-letters?task=${encodeURIComponent(name)}&limit=50`);
export const topics = () => send('api/topics');
export const proposeTopic = (topic) => post('api/proposals/topic', { topic });
export const correct = (id, choices) => post(`api/proposals/${encodeURIComponent(id)}`, choices);
export const createTask = (proposal, choices, sendRows) =>
  post('api/tasks', { proposal, choices, send: sendRows });

export const proposeCsv = (file) =>
  send(`api/proposals/csv?name=${encodeURIComponent(file.name)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
    body: file,
  });
