const MAX_ROOMS = 20;

/** Whether one place in a log is after another. A later life of the log is after everything of an earlier one. */
export function isAfter(a, b) {
  return a.epoch === b.epoch ? a.seq > b.seq : a.epoch > b.epoch;
}

/** The messages of one room that are known here, in the order of its log and without holes: what arrives may fill in from either side. */
export class Transcript {
  #hidden = new Set();
  /** Messages that are shown, oldest first. */
  messages = [];
  /** Whether the oldest message is the first that can be read. */
  complete = false;
  /**
   * The line that parts what was read from what is new: `{after, until, label, met, over}`, or null. `met` by who saw what stands there; `over`
   * when they came from there to the newest message.
   */
  line = null;
  /** Goes up when what is known was forgotten: what was asked for before does not fit any more. */
  life = 0;
  /** Stretches of the log that were not brought and have to be read, oldest first. */
  holes = [];

  constructor(room) {
    this.room = room;
  }

  get newest() {
    return this.messages.at(-1) ?? null;
  }

  /** The line while somebody has to read on from it: it stays where it is, whatever else comes. */
  get openLine() {
    return this.line?.over ? null : this.line;
  }

  get oldest() {
    return this.messages[0] ?? null;
  }

  /** Puts messages where they belong; gives those that were not known. */
  add(messages) {
    return messages.filter((message) => !this.#hidden.has(keyOf(message)) && this.#insert(message));
  }

  indexOf(message) {
    const at = this.#placeOf(message);
    return this.messages[at] && !isAfter(this.messages[at], message) ? at : -1;
  }

  find(key) {
    return this.messages.find((message) => keyOf(message) === key);
  }

  /** The first message after a place, or undefined. */
  firstAfter(place) {
    return this.messages.find((message) => isAfter(message, place));
  }

  /** Notes a hole. Of one that is too wide to fill what lies before it is forgotten: it is read again by whoever scrolls there. */
  open(hole, widest) {
    if (hole.to - hole.from < widest) {
      this.holes.push(hole);
      return;
    }
    this.life++;
    this.messages = [];
    this.holes = [];
    this.complete = false;
  }

  /** It was read. */
  close(hole) {
    this.holes = this.holes.filter((other) => other !== hole);
  }

  /** What was on its way has come. */
  forgetFilled() {
    const known = ({ epoch, from, to }) => this.messages.filter((message) => message.epoch === epoch && message.seq >= from && message.seq <= to).length;
    this.holes = this.holes.filter((hole) => known(hole) <= hole.to - hole.from);
  }

  /** The room was entered at its head, whatever is known here: what lies between is a hole. */
  miss(head, widest) {
    const { newest } = this;
    if (newest && isAfter(head, newest)) this.open({ epoch: head.epoch, from: newest.epoch === head.epoch ? newest.seq + 1 : 1, to: head.seq }, widest);
  }

  hide(message) {
    this.#hidden.add(keyOf(message));
    this.messages = this.messages.filter((other) => other !== message);
  }

  unhide(message) {
    this.#hidden.delete(keyOf(message));
    this.#insert(message);
  }

  #insert(message) {
    const at = this.#placeOf(message);
    const there = this.messages[at];
    if (there && !isAfter(there, message)) return false;
    this.messages.splice(at, 0, message);
    return true;
  }

  /** The index of the first message that is not before this one. Most are the newest, so it is looked for from there. */
  #placeOf(message) {
    const { messages } = this;
    if (!messages.length || isAfter(message, messages.at(-1))) return messages.length;
    let [low, high] = [0, messages.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter(message, messages[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function keyOf({ epoch, seq }) {
  return `${epoch}.${seq}`;
}

/** The transcripts of the rooms visited in this tab; the longest unvisited one goes first. */
export class Transcripts {
  #byRoom = new Map();

  of(room) {
    const transcript = this.#byRoom.get(room) ?? new Transcript(room);
    this.#byRoom.delete(room);
    this.#byRoom.set(room, transcript);
    if (this.#byRoom.size > MAX_ROOMS) this.#byRoom.delete(this.#byRoom.keys().next().value);
    return transcript;
  }

  has(room) {
    return this.#byRoom.has(room);
  }

  /** The server spells the room otherwise. */
  rename(from, to) {
    const transcript = this.#byRoom.get(from);
    this.#byRoom.delete(from);
    if (!transcript || this.#byRoom.has(to)) return;
    transcript.room = to;
    this.#byRoom.set(to, transcript);
  }

  clear() {
    this.#byRoom.clear();
  }
}
