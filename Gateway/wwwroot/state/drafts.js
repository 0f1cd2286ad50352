const KEY = "chitchatz.drafts";
const MAX_ROOMS = 50;

/** What was begun in each room and not sent. Kept with the tab, so that a reload takes nobody's words. */
export class Drafts {
  #texts;

  constructor() {
    try {
      this.#texts = new Map(JSON.parse(sessionStorage.getItem(KEY)));
    } catch {
      this.#texts = new Map();
    }
  }

  of(room) {
    return this.#texts.get(room) ?? "";
  }

  set(room, text) {
    this.#texts.delete(room);
    if (text) this.#texts.set(room, text);
    if (this.#texts.size > MAX_ROOMS) this.#texts.delete(this.#texts.keys().next().value);
    this.#save();
  }

  /** The server spells the room otherwise. */
  rename(from, to) {
    if (!this.#texts.has(from)) return;
    const texts = [this.of(to), this.of(from)].filter((text) => text !== "");
    this.#texts.delete(from);
    this.set(to, texts.join("\n"));
  }

  clear() {
    this.#texts.clear();
    this.#save();
  }

  #save() {
    try {
      if (this.#texts.size) sessionStorage.setItem(KEY, JSON.stringify([...this.#texts]));
      else sessionStorage.removeItem(KEY);
    } catch {
      // Not remembered, but there until the page is left.
    }
  }
}
