import { byId } from "./element.js";
import { fateOf, outboxItem } from "./message-item.js";

/** Shows the outbox of the present room below its log. */
export class OutboxView {
  #list = byId("pending");
  #shown = new Map();
  #chat;

  constructor(chat) {
    this.#chat = chat;
    for (const type of ["outbox", "state", "room"]) chat.on(type, () => this.#update());
  }

  /** Touches only what is different, so that no button vanishes under somebody's focus. */
  #update() {
    const shown = new Map();
    for (const message of this.#chat.outbox.filter(({ room }) => room === this.#chat.wanted)) {
      const fate = fateOf(message);
      const known = this.#shown.get(message);
      let item = known?.item;
      if (known?.text !== fate.text) {
        item = outboxItem(message, fate, { retry: () => this.#chat.retry(message), discard: () => this.#chat.discard(message) });
        known?.item.replaceWith(item);
      }
      shown.set(message, { text: fate.text, item });
    }
    for (const [message, { item }] of this.#shown) if (!shown.has(message)) item.remove();
    // A message that was sent again is the last one now.
    let before = this.#list.firstElementChild;
    for (const { item } of shown.values()) {
      if (item === before) before = before.nextElementSibling;
      else this.#list.insertBefore(item, before);
    }
    this.#shown = shown;
  }
}
