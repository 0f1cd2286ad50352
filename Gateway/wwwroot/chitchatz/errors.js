/**
 * Something that did not happen. `code` is one of the server's error codes, or one of ours:
 * `offline` (no connection, or lost before the answer), `closed` (the server ended the connection for good), `superseded`
 * (a later join, leave or sign-in took its place) and `in_doubt` (a message that may be stored, of which nobody can tell).
 */
export class ChatError extends Error {
  constructor(code, message, { retry = false, retryAfterMs = 0 } = {}) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = retryAfterMs;
  }

  /** From an `error` frame. */
  static of({ data, code, retry, retry_after_ms: wait }) {
    const text = (Array.isArray(data) ? data : [data]).filter((line) => typeof line === "string").join(" ") || "The server refused that.";
    return new ChatError(typeof code === "string" ? code : "internal", text, { retry: retry === true, retryAfterMs: Number.isFinite(wait) ? wait : 0 });
  }
}

export const offline = (text) => new ChatError("offline", text, { retry: true });

const stale = new Set(["token_expired", "invalid_token", "no_token", "not_registered", "identity_mismatch"]);

/** Whether the server does not take our token: a registration helps, to which even one that has run out proves who we are. */
export const needsRegistration = ({ code }) => stale.has(code);

const names = new Set(["name_taken", "bad_name", "name_reserved"]);

/** Whether it is our name that was refused: somebody has to choose another one. */
export const refusesName = ({ code }) => names.has(code);
