import { offline } from "./errors.js";

const ANSWER_MS = 15_000;

/** Requests that wait for their answer, found by id. Answers are handled at once, so that what follows an answer finds its work done. */
export class Requests {
  #connection;
  #open = new Map();
  #lastId = 0;

  constructor(connection) {
    this.#connection = connection;
  }

  /** Sends a request; whatever becomes of it, one of the two handlers is called, once. Without an answer in time the line is dead. */
  ask(event, { id = `r${++this.#lastId}`, ...fields }, { answered, failed }, timeoutMs = ANSWER_MS) {
    const timer = setTimeout(() => this.#connection.drop("The server does not answer."), timeoutMs);
    // Noted before it is sent, since an answer may come meanwhile.
    this.#open.set(id, { answered, failed, timer });
    if (!this.#connection.send({ event, id, ...fields })) this.take(id)?.failed(offline("There is no connection."));
  }

  /** The request that an id answers, which then waits no more; undefined for what is none of ours. */
  take(id) {
    const request = this.#open.get(id);
    if (!request) return undefined;
    this.#open.delete(id);
    clearTimeout(request.timer);
    return request;
  }

  /** The connection is gone, and no answer can come. */
  failAll(text) {
    for (const id of [...this.#open.keys()]) this.take(id).failed(offline(text));
  }
}
