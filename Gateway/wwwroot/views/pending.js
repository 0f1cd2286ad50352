import { byId } from "./element.js";
import { pendingItem } from "./message-item.js";

/** Shows the outbox of the present room below its log. */
export class PendingView {
  #list = byId("pending");
  #shown = new Map();
  #outbox;
  #session;
  #toasts;

  constructor(outbox, session, toasts) {
    this.#outbox = outbox;
    this.#session = session;
    this.#toasts = toasts;
    outbox.on("change", () => this.#update());
    session.on("change", () => this.#update());
  }

  /** Touches only what is different, so that no button vanishes under somebody's focus. */
  #update() {
    const entries = this.#session.wanted === null ? [] : this.#outbox.of(this.#session.wanted);
    const shown = new Map();
    for (const entry of entries) {
      const known = this.#shown.get(entry);
      if (known?.state === entry.state) {
        shown.set(entry, known);
      } else {
        const item = this.#itemOf(entry);
        if (known) known.item.replaceWith(item);
        else this.#list.append(item);
        shown.set(entry, { state: entry.state, item });
      }
    }
    for (const [entry, { item }] of this.#shown) if (!shown.has(entry)) item.remove();
    this.#shown = shown;
  }

  #itemOf(entry) {
    return pendingItem(entry, {
      retry: () => {
        if (this.#session.say(entry.text)) this.#outbox.discard(entry);
        else this.#toasts.error("You are not connected right now. Try again when you are back.");
      },
      discard: () => this.#outbox.discard(entry),
    });
  }
}
