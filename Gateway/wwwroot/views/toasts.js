import { byId, element } from "./element.js";
import { icon } from "./icon.js";

const LIFE_MS = 7_000;
const AT_MOST = 4;

/** Short notices at the edge of the page. Errors are announced at once, the rest when the reader pauses. */
export class Toasts {
  #region = byId("toasts");

  info(text, action) {
    this.#show("status", text, action);
  }

  error(text, action) {
    this.#show("alert", text, action);
  }

  /** What one asked for was done: a refusal of before would be read as if this had been refused. One that is being read stays. */
  settled() {
    for (const toast of this.#region.querySelectorAll(":scope > .toast-alert:not(:hover, :focus-within)")) this.#remove(toast);
  }

  #show(role, text, action) {
    const same = [...this.#region.children].find((toast) => toast.dataset.text === text);
    if (same) same.remove();
    while (this.#region.children.length >= AT_MOST) this.#region.firstChild.remove();
    const toast = element("div", { class: `toast toast-${role}`, role, data: { text } }, element("span", { class: "toast-text", text, dir: "auto" }));
    const dismiss = () => this.#remove(toast);
    if (action) {
      toast.append(element("button", { type: "button", class: "toast-action", text: action.text, on: { click: () => { dismiss(); action.run(); } } }));
    }
    toast.append(element("button", { type: "button", class: "icon-button toast-close", "aria-label": "Dismiss", on: { click: dismiss } }, icon("close")));
    let timer = setTimeout(dismiss, LIFE_MS);
    // Nobody has to race a toast that is being read or reached for.
    for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, () => clearTimeout(timer));
    for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, () => { clearTimeout(timer); timer = setTimeout(dismiss, LIFE_MS); });
    // Shown anew each time, so that it stands above a dialog opened since.
    if (this.#region.matches(":popover-open")) this.#region.hidePopover();
    this.#region.showPopover();
    this.#region.append(toast);
  }

  #remove(toast) {
    toast.remove();
    if (!this.#region.children.length && this.#region.matches(":popover-open")) this.#region.hidePopover();
  }
}
