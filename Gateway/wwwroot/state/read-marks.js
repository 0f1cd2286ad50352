import { ByRoom } from "./by-room.js";
import { isAfter } from "./transcript.js";

/** How far each room was read. */
export class ReadMarks {
  #marks = new ByRoom("read");

  of(room) {
    return this.#marks.of(room);
  }

  /** Somebody looked at the room when this was its newest message. */
  set(room, { epoch, seq }) {
    const before = this.#marks.of(room);
    if (!before || isAfter({ epoch, seq }, before)) this.#marks.set(room, { epoch, seq });
  }

  clear() {
    this.#marks.clear();
  }
}
