import { byId } from "./element.js";
import { openDialog } from "./dialog.js";

/** Asks before it throws away what could not be sent yet; without any of that it asks nothing. */
export class SignOutDialog {
  #dialog = byId("sign-out-dialog");
  #chat;
  #signOut;

  constructor(chat, signOut) {
    this.#chat = chat;
    this.#signOut = signOut;
    byId("sign-out-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#dialog.close();
      signOut();
    });
  }

  open() {
    const { length } = this.#chat.outbox;
    if (!length) return this.#signOut();
    byId("sign-out-text").textContent = length === 1 ? "One message is not sent yet. Signing out discards it." : `${length} messages are not sent yet. Signing out discards them.`;
    openDialog(this.#dialog);
  }
}
