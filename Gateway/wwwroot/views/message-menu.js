import { byId } from "./element.js";

const EDGE = 8;

/** The one menu for all messages: copy the text, copy the sender, hide it here. */
export class MessageMenu {
  #menu = byId("message-menu");
  #opener = null;
  #message = null;

  /** `find` gives the message for a key, `actions` has a function per data-action in index.html. */
  constructor(log, find, actions) {
    log.addEventListener("click", (event) => {
      const more = event.target.closest(".message-more");
      if (more) this.#open(more.closest(".message"), more, find);
    });
    log.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".message[data-key]")) return;
      event.preventDefault();
      this.#open(event.target, event.target.querySelector(".message-more"), find);
    });
    this.#menu.addEventListener("click", (event) => {
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (!action) return;
      this.#menu.hidePopover();
      actions[action](this.#message);
    });
    this.#menu.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("toggle", (event) => {
      if (event.newState !== "closed") return;
      this.#opener?.classList.remove("chosen");
      if (this.#opener?.isConnected && (document.activeElement === document.body || this.#menu.contains(document.activeElement))) this.#opener.focus();
    });
  }

  #open(item, anchor, find) {
    this.#message = find(item.dataset.key);
    if (!this.#message) return;
    this.#opener = item;
    item.classList.add("chosen");
    this.#menu.showPopover();
    const at = anchor.getBoundingClientRect();
    const { width, height } = this.#menu.getBoundingClientRect();
    const left = Math.min(Math.max(EDGE, at.left), innerWidth - width - EDGE);
    const top = at.bottom + height + EDGE > innerHeight ? at.top - height : at.bottom;
    this.#menu.style.setProperty("left", `${left}px`);
    this.#menu.style.setProperty("top", `${Math.max(EDGE, top)}px`);
    this.#menu.querySelector("button").focus();
  }

  #key(event) {
    const buttons = [...this.#menu.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Tab") this.#menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    buttons[to % buttons.length].focus();
  }
}
