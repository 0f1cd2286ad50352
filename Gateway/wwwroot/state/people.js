import { Emitter } from "../chitchatz/emitter.js";

const TYPING_MS = 4_500;

/** Who is in the room, and who of them is typing. Emits `change` and `typing`. */
export class People extends Emitter {
  #chat;
  #typing = new Map();
  /** Null while nobody knows. */
  count = null;
  /** Null while nobody knows, or when they are too many for names. */
  names = null;

  constructor(chat) {
    super();
    this.#chat = chat;
    chat.on("state", () => chat.room !== chat.wanted && this.#forget());
    chat.on("room", () => this.#read());
    chat.on("joined", (change) => this.#changed(change, (name) => this.names?.add(name)));
    chat.on("left", (change) => this.#changed(change, (name) => {
      this.names?.delete(name);
      this.#typed(name, false);
    }));
    chat.on("typing", ({ name }) => chat.room === chat.wanted && this.#typed(name, true));
    chat.on("message", ({ from }) => this.#typed(from, false));
  }

  get typing() {
    return [...this.#typing.keys()];
  }

  async #read() {
    try {
      const { room, count, members } = await this.#chat.members();
      if (room === this.#chat.room) this.#know(count, count > members.length ? null : new Set(members));
    } catch {
      // The next change brings at least the count; a reconnect asks again.
    }
  }

  #changed({ name, count }, apply) {
    if (this.#chat.room !== this.#chat.wanted) return;
    if (name === undefined) return this.#know(count, null);
    apply(name);
    // A count that does not fit means that something was missed.
    if (this.names && this.names.size !== count) return this.#read();
    this.#know(count, this.names);
  }

  #know(count, names) {
    Object.assign(this, { count, names });
    this.emit("change");
  }

  #forget() {
    for (const name of this.typing) this.#typed(name, false);
    if (this.count !== null) this.#know(null, null);
  }

  #typed(name, typing) {
    const timer = this.#typing.get(name);
    clearTimeout(timer);
    if (typing) this.#typing.set(name, setTimeout(() => this.#typed(name, false), TYPING_MS));
    else this.#typing.delete(name);
    if (typing !== (timer !== undefined)) this.emit("typing");
  }
}
