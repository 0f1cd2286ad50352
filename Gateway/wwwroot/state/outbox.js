import { Emitter } from "../emitter.js";

const ECHO_MS = 30_000;
let lastId = 0;

/**
 * Texts that were handed to the connection and have not come back. Version 1 has no acknowledgement: the only proof that a
 * message exists is its echo. Until then it is `pending`; if the connection is lost first, nobody here can know, and it is
 * `unclear`; if the server said no, it is `refused`.
 */
export class Outbox extends Emitter {
  #entries = [];

  /** Those of one room, oldest first. */
  of(room) {
    return this.#entries.filter((entry) => entry.room === room);
  }

  get hasPending() {
    return this.#entries.some((entry) => entry.state === "pending");
  }

  add(room, text) {
    const entry = { id: ++lastId, room, text, state: "pending", reason: "" };
    entry.timer = setTimeout(() => this.#settle(entry, "unclear"), ECHO_MS);
    this.#entries.push(entry);
    this.emit("change");
    return entry;
  }

  /** A message of our own name arrived: the oldest of ours with that text is delivered. */
  echo(room, text) {
    const alike = this.#entries.filter((entry) => entry.room === room && entry.text === text);
    const entry = alike.find(({ state }) => state === "pending") ?? alike[0];
    if (entry) this.discard(entry);
  }

  /** The server refused a message. Echoes and refusals keep the order of sending, so it is the oldest. */
  refuse(reason) {
    const entry = this.#entries.find(({ state }) => state === "pending");
    if (entry) this.#settle(entry, "refused", reason);
  }

  /** The connection is gone. */
  lost() {
    for (const entry of this.#entries.filter(({ state }) => state === "pending")) this.#settle(entry, "unclear");
  }

  discard(entry) {
    clearTimeout(entry.timer);
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.emit("change");
  }

  clear() {
    for (const entry of [...this.#entries]) this.discard(entry);
  }

  #settle(entry, state, reason = "") {
    clearTimeout(entry.timer);
    Object.assign(entry, { state, reason });
    this.emit("change");
  }
}
