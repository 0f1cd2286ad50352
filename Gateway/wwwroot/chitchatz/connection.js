import { Backoff } from "./backoff.js";
import { meaningOf } from "./close-codes.js";
import { Emitter } from "./emitter.js";
import { ChatError, offline } from "./errors.js";

const CONNECT_MS = 10_000;
const STABLE_MS = 10_000;
const SPREAD_MS = 2_000;

// Not 1000: with that the server takes us for gone on purpose and gives our name away at once.
const COMING_BACK = 4000;
const GONE = 1000;

/**
 * One WebSocket at a time, opened again when it is lost. Knows nothing of names and rooms.
 * Phases: idle, connecting, open, waiting (until `retryAt`), stopped (for `reason`, a ChatError, until somebody calls retryNow).
 * Emits `phase`, `open`, `frame` and `lost`; when it is lost, first `lost` and then `phase`.
 */
export class Connection extends Emitter {
  #url;
  #WebSocket;
  #socket = null;
  #backoff = new Backoff();
  #connectTimer = 0;
  #retryTimer = 0;
  #stableTimer = 0;

  phase = "idle";
  retryAt = null;
  reason = null;

  constructor(url, WebSocket) {
    super();
    this.#url = url;
    this.#WebSocket = WebSocket;
  }

  /** Now, unless it is connecting or open already. */
  start() {
    if (!this.#socket) this.#open();
  }

  /** Ends the connection for good. With a reason it is stopped, and somebody may ask for another try. */
  stop(reason = null) {
    const socket = this.#detach();
    this.#backoff.reset();
    this.#become(reason ? "stopped" : "idle", reason);
    socket?.close(GONE);
    if (socket) this.emit("lost");
    this.emit("phase");
  }

  retryNow() {
    if (this.phase !== "waiting" && this.phase !== "stopped") return;
    // Somebody waits for it, or the network is back: what was tried before says nothing of that.
    this.#backoff.reset();
    this.#open();
  }

  /** Gives up on the present socket, which may be half dead, and comes back: `again` as in close-codes.js, or "now". */
  drop(text, { again = "backoff", atLeastMs = 0 } = {}) {
    const socket = this.#detach();
    if (!socket) return;
    socket.close(COMING_BACK);
    this.#lost({ again, text, atLeastMs });
  }

  /** False when there is no open socket: nothing was sent then. */
  send(frame) {
    if (this.phase !== "open") return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open() {
    this.#detach();
    this.#become("connecting", this.reason);
    this.emit("phase");
    let socket;
    try {
      socket = new this.#WebSocket(this.#url);
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
      this.#become("open", this.reason);
      this.emit("phase");
      this.emit("open");
    }));
    socket.addEventListener("message", current((event) => {
      const frame = decode(event.data);
      if (frame) this.emit("frame", frame);
    }));
    socket.addEventListener("close", current((event) => {
      this.#detach();
      this.#lost(opened ? meaningOf(event.code, event.reason) : { again: "backoff", text: "The server cannot be reached." });
    }));
    // Some implementations throw for an error that nobody listens to; the close that follows says all there is to know.
    socket.addEventListener("error", () => {});
  }

  #detach() {
    const socket = this.#socket;
    this.#socket = null;
    for (const timer of [this.#connectTimer, this.#retryTimer, this.#stableTimer]) clearTimeout(timer);
    return socket;
  }

  #lost({ again, text, atLeastMs = 0 }) {
    if (again === "never") {
      this.#become("stopped", new ChatError("closed", text));
    } else if (again === "now") {
      this.#become("connecting", offline(text));
      this.emit("lost");
      return this.#open();
    } else {
      const pause = Math.max(this.#backoff.next(), again === "spread" ? Math.random() * SPREAD_MS : 0, atLeastMs);
      this.#retryTimer = setTimeout(() => this.#open(), pause);
      this.#become("waiting", offline(text), Date.now() + pause);
    }
    this.emit("lost");
    this.emit("phase");
  }

  #become(phase, reason, retryAt = null) {
    Object.assign(this, { phase, reason, retryAt });
  }
}

/** A server's frame, or null for what is none: unknown frames are ignored, so that later versions may add some. */
function decode(text) {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text);
    return frame && typeof frame.event === "string" ? frame : null;
  } catch {
    return null;
  }
}
