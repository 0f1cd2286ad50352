import { byId } from "./element.js";
import { continues, fateOf, outboxItem } from "./message-item.js";

/** Shows the outbox of the present room below its log. */
export class OutboxView {
  #list = byId("pending");
  #shown = new Map();
  #chat;
  #conversation;

  constructor(chat, conversation) {
    this.#chat = chat;
    this.#conversation = conversation;
    for (const type of ["outbox", "state", "room"]) chat.on(type, () => this.#update());
  }

  /** Touches only what is different, so that no button vanishes under somebody's focus. */
  #update() {
    const [focused] = [...this.#shown].find(([, { item }]) => item.contains(document.activeElement)) ?? [];
    const shown = new Map();
    const { user, name } = this.#chat;
    let above = this.#conversation.transcript?.newest;
    for (const message of this.#chat.outbox.filter(({ room }) => room === this.#chat.wanted)) {
      const fate = fateOf(message);
      const own = { user, from: name, at: message.at };
      const continued = continues(own, above);
      above = own;
      const known = this.#shown.get(message);
      const key = `${fate.text} ${continued}`;
      let item = known?.item;
      if (known?.key !== key) {
        item = outboxItem(message, fate, continued, { retry: () => this.#chat.retry(message), discard: () => this.#chat.discard(message) });
        known?.item.replaceWith(item);
      }
      shown.set(message, { key, item });
    }
    for (const [message, { item }] of this.#shown) if (!shown.has(message)) item.remove();
    // A message that was sent again is the last one now.
    let before = this.#list.firstElementChild;
    for (const { item } of shown.values()) {
      if (item === before) before = before.nextElementSibling;
      else this.#list.insertBefore(item, before);
    }
    this.#shown = shown;
    // Whoever was on one that went or changed is not left nowhere, nor on the next one's button, which a held key would press.
    if (!focused || this.#list.contains(document.activeElement)) return;
    shown.get(focused)?.item.querySelector("button")?.focus();
    if (!this.#list.contains(document.activeElement)) byId("composer-input").focus();
  }
}
