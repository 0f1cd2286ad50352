import { isComposing } from "./composing.js";
import { byId } from "./element.js";

/** The longest text of a message, in UTF-16 units. The server has the last word: it may be set lower there. */
const MAX_TEXT = 8000;
const COUNT_FROM = MAX_TEXT - 500;

/** Where a message is written, a draft for each room. It can always be sent: what cannot leave now waits in the outbox. */
export class Composer {
  #form = byId("composer");
  #input = byId("composer-input");
  #hint = byId("composer-hint");
  #send = byId("composer-send");
  #chat;
  #drafts;
  #sent;
  #room = null;

  constructor(chat, drafts, sent) {
    this.#chat = chat;
    this.#drafts = drafts;
    this.#sent = sent;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => {
      if (this.#input.value.trim()) chat.typing();
      this.#keep();
    });
    chat.on("state", () => this.#follow());
    chat.on("room", ({ asked, room }) => {
      if (asked !== room) drafts.rename(asked, room);
      this.#follow();
    });
  }

  focus() {
    this.#input.focus();
  }

  /** Another room, another draft. */
  #follow() {
    const { wanted } = this.#chat;
    if (wanted === this.#room) return;
    this.#room = wanted;
    this.#input.value = wanted === null ? "" : this.#drafts.of(wanted);
    this.#update();
  }

  #keep() {
    this.#drafts.set(this.#room, this.#input.value);
    this.#update();
  }

  #submit() {
    const text = this.#input.value;
    if (text.trim() && text.length <= MAX_TEXT && this.#chat.wanted !== null) {
      this.#chat.send(text);
      this.#sent();
      this.#input.value = "";
      this.#keep();
    }
    this.#update();
  }

  #update() {
    const { length } = this.#input.value;
    const left = MAX_TEXT - length;
    if (left < 0) this.#say(`${-left} characters too long.`, "warning");
    else if (length > COUNT_FROM) this.#say(`${left} characters left.`);
    else this.#say("");
    this.#send.setAttribute("aria-disabled", !this.#input.value.trim() || left < 0);
  }

  #say(text, kind = "") {
    this.#hint.textContent = text;
    this.#hint.dataset.kind = kind;
  }
}
