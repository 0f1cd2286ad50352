import { announce } from "./announcer.js";
import { byId } from "./element.js";

/** The state of the connection in words: a label for small places, a sentence when there is something to know. */
export function statusOf(chat) {
  const { state, reason, retryAt } = chat;
  if (chat.name === null) return { kind: "off", label: "Signed out", text: "" };
  if (state === "online") return { kind: "on", label: "Connected", text: "" };
  if (state === "refused") return { kind: "off", label: "Disconnected", text: reason.message };
  // Then it is not the server that is away.
  if (!navigator.onLine) return { kind: "wait", label: "Offline", text: "You are offline. What you write is sent when you are back." };
  if (!reason) return { kind: "wait", label: "Connecting", text: "Connecting…" };
  const seconds = state === "connecting" ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  return { kind: "wait", label: "Reconnecting", text: `${reason.message} Reconnecting${seconds > 0 ? ` in ${seconds} s` : ""}…` };
}

/** The dot beside the name and the banner above the conversation. */
export class StatusView {
  #chat;
  #dot = byId("status-dot");
  #label = byId("status-label");
  #banner = byId("banner");
  #text = byId("banner-text");
  #retry = byId("banner-retry");
  #announced = "";
  #ticker = 0;
  #delay = 0;

  constructor(chat) {
    this.#chat = chat;
    this.#retry.addEventListener("click", () => chat.retryNow());
    chat.on("state", () => this.#update());
    for (const type of ["online", "offline"]) addEventListener(type, () => this.#update());
  }

  #update() {
    const { state, name } = this.#chat;
    const { kind, label, text } = statusOf(this.#chat);
    this.#dot.dataset.kind = kind;
    this.#label.textContent = label;
    this.#text.textContent = text;
    // Not hidden, which would move the words and take the focus from who has just pressed it.
    this.#retry.setAttribute("aria-disabled", state === "connecting");
    this.#reveal(text !== "");
    this.#announce(label);
    clearInterval(this.#ticker);
    if (state === "offline" && name !== null) this.#ticker = setInterval(() => this.#update(), 1000);
  }

  /** A first connection takes a blink; a banner for that long would only be flicker. */
  #reveal(show) {
    clearTimeout(this.#delay);
    if (!show) this.#banner.hidden = true;
    else if (this.#chat.state === "connecting" && this.#banner.hidden) this.#delay = setTimeout(() => { this.#banner.hidden = false; }, 600);
    else this.#banner.hidden = false;
  }

  /** Once per state, not once per second of a countdown. */
  #announce(label) {
    if (label === this.#announced) return;
    const first = this.#announced === "";
    this.#announced = label;
    if (!first) announce(label);
  }
}
