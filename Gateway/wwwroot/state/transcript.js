/** As many entries as a browser lays out without effort. Older ones are forgotten, from here and from the page alike. */
export const MAX_ENTRIES = 2000;
const MAX_ROOMS = 20;

let lastId = 0;

/** What this tab saw of one room: messages, and notes of our own such as a pause in the connection. */
export class Transcript {
  entries = [];

  constructor(room) {
    this.room = room;
  }

  addMessage(from, text, own) {
    return this.#add({ kind: "message", from, text, own });
  }

  addNote(text) {
    return this.#add({ kind: "note", text });
  }

  remove(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
  }

  /** Puts a removed entry back where its number says. */
  restore(entry) {
    const index = this.entries.findIndex((other) => other.id > entry.id);
    this.entries.splice(index < 0 ? this.entries.length : index, 0, entry);
  }

  #add(fields) {
    // Version 1 sends no time, so a message's time is the one of its arrival here.
    const entry = { id: ++lastId, at: new Date(), ...fields };
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) this.entries.splice(0, this.entries.length - MAX_ENTRIES);
    return entry;
  }
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

  clear() {
    this.#byRoom.clear();
  }
}
