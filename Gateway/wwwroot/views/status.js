import { byId } from "./element.js";

/** The state of the connection in words: a label for small places, a sentence when there is something to know. */
export function statusOf(chat) {
  const { state, reason, retryAt } = chat;
  if (chat.name === null) return { kind: "off", label: "Signed out", text: "" };
  if (state === "online") return { kind: "on", label: "Connected", text: "" };
  if (state === "refused") return { kind: "off", label: "Disconnected", text: reason.message };
  if (state === "connecting") return { kind: "wait", label: reason ? "Reconnecting" : "Connecting", text: reason ? "Reconnecting…" : "Connecting…" };
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  return { kind: "wait", label: "Reconnecting", text: `You are offline. ${reason.message} Next try ${seconds > 0 ? `in ${seconds} s` : "now"}.` };
}

/** The dot beside the name and the banner above the conversation. */
export class StatusView {
  #chat;
  #dot = byId("status-dot");
  #label = byId("status-label");
  #banner = byId("banner");
  #text = byId("banner-text");
  #announcer = byId("announcer");
  #announced = "";
  #ticker = 0;
  #delay = 0;

  constructor(chat) {
    this.#chat = chat;
    byId("banner-retry").addEventListener("click", () => chat.retryNow());
    chat.on("state", () => this.#update());
  }

  #update() {
    const { state, name } = this.#chat;
    const { kind, label, text } = statusOf(this.#chat);
    this.#dot.dataset.kind = kind;
    this.#label.textContent = label;
    this.#text.textContent = text;
    byId("banner-retry").hidden = state === "connecting";
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
    if (!first) this.#announcer.textContent = label;
  }
}
