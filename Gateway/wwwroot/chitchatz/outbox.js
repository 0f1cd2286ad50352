import { ChatError } from "./errors.js";

// The server knows a repeated id for 24 hours at least; an hour less, because clocks and the way there are not exact.
const KNOWN_MS = 23 * 60 * 60_000;

// The server closes the connection upon a frame of more than 64 KiB, unless it is set otherwise.
const MAX_BYTES = 60_000;

/** What a text takes in a frame. */
export const bytesOf = (text) => new TextEncoder().encode(JSON.stringify(text)).length;

/** Why no server could take a text, which would otherwise hold up all behind it; null as a rule. */
function unfit(text) {
  if (text.isWellFormed?.() === false) return new ChatError("bad_request", "The text has half of a character in it.");
  if (bytesOf(text) > MAX_BYTES) return new ChatError("text_too_long", "The text is too long.");
  return null;
}

/** One message on its way: `queued` until it is handed to a connection, `sending` until the answer, then `sent` or `failed`. */
class OutboxMessage {
  #resolve;
  #reject;
  state = "queued";
  error = null;

  constructor({ id = newId(), room, text, at = Date.now(), attempt = null }) {
    Object.assign(this, { id, room, text, at: new Date(at) });
    // When, and as whom, it was first handed over. From then on it may be stored, whatever we hear.
    this.attempt = attempt;
    this.renew();
  }

  renew() {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who does not wait for it must not be told of an unhandled rejection.
    this.done.catch(() => {});
  }

  resolve(place) {
    this.#resolve(place);
  }

  reject(error) {
    this.#reject(error);
  }

  /** As it is kept in storage. */
  get saved() {
    return { id: this.id, room: this.room, text: this.text, at: this.at.getTime(), attempt: this.attempt, error: this.error && { code: this.error.code, message: this.error.message } };
  }
}

/**
 * Messages that are not known to be stored, in the order of writing; kept in storage, so that they outlive the page. Each has an id
 * under which the server stores it once, however often it is sent.
 */
export class Outbox {
  #messages;
  #memory;
  #changed;

  constructor(memory, changed) {
    this.#memory = memory;
    this.#changed = changed;
    const saved = memory.load("outbox");
    this.#messages = (Array.isArray(saved) ? saved : []).filter(isMessage).map((kept) => {
      const message = new OutboxMessage(kept);
      const error = kept.error ? new ChatError(kept.error.code, kept.error.message) : unfit(kept.text);
      if (error) settle(message, "failed", error);
      return message;
    });
  }

  get all() {
    return [...this.#messages];
  }

  add(room, text) {
    const message = new OutboxMessage({ room, text });
    this.#messages.push(message);
    this.#save();
    const error = unfit(text);
    if (error) this.fail(message, error);
    return message;
  }

  /** The next ones of a room that may be handed over; those of which nobody could tell whether they are stored already fail here. */
  ready(room, user) {
    const unsent = this.#messages.filter((message) => message.room === room && message.state !== "failed");
    for (const message of unsent) {
      const { attempt } = message;
      if (attempt && (attempt.user !== user || Date.now() - attempt.at > KNOWN_MS)) {
        this.fail(message, new ChatError("in_doubt", "It may have been sent before; the server can no longer tell."));
      }
    }
    return unsent.filter(({ state }) => state !== "failed");
  }

  /** The rooms for which something waits, the one of the oldest message first. */
  get rooms() {
    return [...new Set(this.#messages.filter(({ state }) => state === "queued").map(({ room }) => room))];
  }

  handOver(message, user) {
    message.attempt ??= { at: Date.now(), user };
    message.state = "sending";
    this.#save();
  }

  /** Not answered, or not now: the same id goes again. */
  requeue(message) {
    if (message.state !== "sending") return;
    message.state = "queued";
    this.#save();
  }

  sent(message, place) {
    settle(message, "sent", null);
    this.#drop(message);
    message.resolve(place);
  }

  fail(message, error) {
    settle(message, "failed", error);
    this.#save();
    message.reject(error);
  }

  /** A room that we shall not enter. */
  bar(room, error) {
    for (const message of this.#messages) if (message.room === room && message.state !== "failed") this.fail(message, error);
  }

  /** A failed one goes to the end of its room's queue; under a new id, since what became of the old one is settled or unknown. */
  retry(message) {
    if (message.state !== "failed") return;
    this.#messages = this.#messages.filter((other) => other !== message);
    Object.assign(message, { id: newId(), attempt: null, error: null, state: "queued" });
    message.renew();
    this.#messages.push(message);
    this.#save();
  }

  discard(message) {
    this.#drop(message);
    message.reject(new ChatError("superseded", "It was discarded."));
  }

  /** A message of ours came back: it is stored, whether or not its ack was lost. */
  find(id) {
    return this.#messages.find((message) => message.id === id);
  }

  rename(from, to) {
    for (const message of this.#messages) if (message.room === from) message.room = to;
    this.#save();
  }

  clear() {
    for (const message of this.all) this.discard(message);
    this.#memory.forget("outbox");
  }

  #drop(message) {
    this.#messages = this.#messages.filter((other) => other !== message);
    this.#save();
  }

  #save() {
    if (this.#messages.length) this.#memory.save("outbox", this.#messages.map((message) => message.saved));
    else this.#memory.forget("outbox");
    this.#changed();
  }
}

function settle(message, state, error) {
  Object.assign(message, { state, error });
}

/**
 * The time, and 80 random bits: ids that rise with time lie side by side in the server's log. Not randomUUID, which pages without TLS do not have, and
 * which does not rise.
 */
function newId() {
  const random = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Date.now().toString(16).padStart(12, "0") + random;
}

function isMessage(value) {
  return value && [value.id, value.room, value.text].every((field) => typeof field === "string") && Number.isFinite(value.at);
}
