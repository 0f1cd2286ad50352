import { ByRoom } from "./by-room.js";

/** What was begun in each room and not sent. */
export class Drafts {
  #texts = new ByRoom("drafts");

  of(room) {
    return this.#texts.of(room) ?? "";
  }

  set(room, text) {
    if (text) this.#texts.set(room, text);
    else this.#texts.forget(room);
  }

  /** The server spells the room otherwise. */
  rename(from, to) {
    const texts = [this.of(to), this.of(from)].filter((text) => text !== "");
    this.#texts.forget(from);
    this.set(to, texts.join("\n"));
  }

  clear() {
    this.#texts.clear();
  }
}
