import { isAfter } from "./transcript.js";

const KEY = "chitchatz.read";
const MAX_ROOMS = 50;

/** How far each room was read. Kept with the tab, so that after a reload the reader finds the place again. */
export class ReadMarks {
  #marks;

  constructor() {
    try {
      this.#marks = new Map(JSON.parse(sessionStorage.getItem(KEY)));
    } catch {
      this.#marks = new Map();
    }
  }

  of(room) {
    return this.#marks.get(room) ?? null;
  }

  /** Somebody looked at the room when this was its newest message. */
  set(room, { epoch, seq }) {
    const before = this.#marks.get(room);
    if (before && !isAfter({ epoch, seq }, before)) return;
    this.#marks.delete(room);
    this.#marks.set(room, { epoch, seq });
    if (this.#marks.size > MAX_ROOMS) this.#marks.delete(this.#marks.keys().next().value);
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...this.#marks]));
    } catch {
      // Not remembered, but in force until the page is left.
    }
  }

  clear() {
    this.#marks.clear();
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // There is nothing then.
    }
  }
}
