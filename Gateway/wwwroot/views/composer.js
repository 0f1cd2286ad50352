import { byId } from "./element.js";
import { MAX_TEXT } from "../net/events.js";

const COUNT_FROM = MAX_TEXT - 500;

/** Where a message is written. What cannot be sent stays here, and the line below says why. */
export class Composer {
  #form = byId("composer");
  #input = byId("composer-input");
  #hint = byId("composer-hint");
  #send = byId("composer-send");
  #session;

  constructor(session) {
    this.#session = session;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#update());
    session.on("change", () => this.#update());
  }

  focus() {
    this.#input.focus();
  }

  get text() {
    return this.#input.value;
  }

  clear() {
    this.#input.value = "";
    this.#update();
  }

  #submit() {
    const text = this.#input.value;
    if (!text.trim() || text.length > MAX_TEXT) return this.#update();
    if (this.#session.say(text)) return this.clear();
    this.#say("You are not connected right now. Your text stays here; send it when you are back.", "warning");
  }

  #update() {
    const { length } = this.#input.value;
    const left = MAX_TEXT - length;
    if (left < 0) this.#say(`${-left} characters too long.`, "warning");
    else if (length > COUNT_FROM) this.#say(`${left} characters left.`);
    else if (!this.#session.canSend && length) this.#say("Not connected: your text stays here until you are back.", "warning");
    else this.#say("");
    this.#send.setAttribute("aria-disabled", !this.#session.canSend || !this.#input.value.trim() || left < 0);
  }

  #say(text, kind = "") {
    this.#hint.textContent = text;
    this.#hint.dataset.kind = kind;
  }
}
