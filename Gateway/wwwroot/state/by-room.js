import { Memory } from "../chitchatz/memory.js";
import { tabStorage } from "../chitchatz/values.js";

const MAX_ROOMS = 50;

/** A value for each room, kept with the tab, so that it is there after a reload; of too many rooms the one that was set longest ago goes. */
export class ByRoom {
  #memory = new Memory(tabStorage(), "chitchatz");
  #name;
  #values;

  constructor(name) {
    this.#name = name;
    const kept = this.#memory.load(name);
    this.#values = new Map(Array.isArray(kept) ? kept.filter(Array.isArray) : []);
  }

  of(room) {
    return this.#values.get(room) ?? null;
  }

  set(room, value) {
    this.#values.delete(room);
    this.#values.set(room, value);
    if (this.#values.size > MAX_ROOMS) this.#values.delete(this.#values.keys().next().value);
    this.#save();
  }

  forget(room) {
    if (this.#values.delete(room)) this.#save();
  }

  clear() {
    this.#values.clear();
    this.#save();
  }

  #save() {
    if (this.#values.size) this.#memory.save(this.#name, [...this.#values]);
    else this.#memory.forget(this.#name);
  }
}
