import { Emitter } from "../emitter.js";
import { Backoff } from "./backoff.js";
import { meaningOf } from "./close.js";
import { decode, encode } from "./frame.js";

const CONNECT_MS = 10_000;
const ANSWER_MS = 15_000;
const STABLE_MS = 10_000;
const SPREAD_MS = 2_000;
const SLOW_MS = 30_000;

/**
 * One WebSocket at a time, opened again when it is lost. Knows nothing of names and rooms.
 * Phases: idle, connecting, open, waiting (until `retryAt`), stopped (for `reason`, until somebody calls retryNow).
 * Emits `phase`, `open`, `frame` and `lost`.
 */
export class Connection extends Emitter {
  #url;
  #socket = null;
  #backoff = new Backoff();
  #connectTimer = 0;
  #answerTimer = 0;
  #retryTimer = 0;
  #stableTimer = 0;

  phase = "idle";
  retryAt = 0;
  reason = "";

  constructor(url) {
    super();
    this.#url = url;
  }

  start() {
    if (!this.#socket) this.#open();
  }

  /** Ends the connection for good. With a reason, the person is told and may ask for another try. */
  stop(reason = "") {
    const socket = this.#detach();
    this.#backoff.reset();
    this.#enter(reason ? "stopped" : "idle", reason);
    socket?.close(1000);
    if (socket) this.emit("lost");
  }

  retryNow() {
    if (this.phase === "waiting" || this.phase === "stopped") this.#open();
  }

  /** Gives up on the present socket, which may be half dead, and comes back after the usual pause. */
  drop(reason, again = "backoff") {
    const socket = this.#detach();
    if (!socket) return;
    socket.close(1000);
    this.#lost({ again, text: reason });
  }

  /** False when there is no open socket: nothing was sent then. Every frame of ours has an answer, so silence means a dead line. */
  send(event, fields, jwt) {
    if (this.phase !== "open") return false;
    this.#socket.send(encode(event, fields, jwt));
    this.#answerTimer ||= setTimeout(() => this.drop("The server does not answer."), ANSWER_MS);
    return true;
  }

  #open() {
    this.#detach();
    this.#enter("connecting", this.reason);
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      this.#lost({ again: "backoff", text: "The server cannot be reached." });
      return;
    }
    this.#socket = socket;
    this.#connectTimer = setTimeout(() => this.drop("The server cannot be reached."), CONNECT_MS);
    let opened = false;
    // An event of a socket that was given up must not touch its successor.
    const current = (listener) => (event) => this.#socket === socket && listener(event);
    socket.addEventListener("open", current(() => {
      opened = true;
      clearTimeout(this.#connectTimer);
      this.#stableTimer = setTimeout(() => this.#backoff.reset(), STABLE_MS);
      this.#enter("open");
      this.emit("open");
    }));
    socket.addEventListener("message", current((event) => {
      clearTimeout(this.#answerTimer);
      this.#answerTimer = 0;
      const frame = decode(event.data);
      if (frame) this.emit("frame", frame);
    }));
    socket.addEventListener("close", current((event) => {
      this.#detach();
      this.#lost(opened ? meaningOf(event.code, event.reason) : { again: "backoff", text: "The server cannot be reached." });
    }));
  }

  #detach() {
    const socket = this.#socket;
    this.#socket = null;
    for (const timer of [this.#connectTimer, this.#answerTimer, this.#retryTimer, this.#stableTimer]) clearTimeout(timer);
    this.#answerTimer = 0;
    return socket;
  }

  #lost({ again, text }) {
    if (again === "never") {
      this.#enter("stopped", text);
    } else {
      const pause = {
        backoff: () => this.#backoff.next(),
        // The first time only; a server that stays away is met by the growing pause.
        spread: () => Math.max(this.#backoff.next(), Math.random() * SPREAD_MS),
        slow: () => SLOW_MS * (1 + Math.random()),
      }[again]();
      this.retryAt = Date.now() + pause;
      this.#retryTimer = setTimeout(() => this.#open(), pause);
      this.#enter("waiting", text);
    }
    this.emit("lost");
  }

  #enter(phase, reason = "") {
    this.phase = phase;
    this.reason = reason;
    this.emit("phase");
  }
}
