import { byId } from "./element.js";

/** The state of the connection in words: a label for small places, a sentence when there is something to know. */
export function statusOf(session, connection) {
  if (session.name === null) return { kind: "off", label: "Signed out", text: "" };
  if (session.registered) return { kind: "on", label: "Connected", text: "" };
  if (connection.phase === "waiting") {
    const seconds = Math.max(0, Math.ceil((connection.retryAt - Date.now()) / 1000));
    return { kind: "wait", label: "Reconnecting", text: `${connection.reason} Next try ${seconds > 0 ? `in ${seconds} s` : "now"}.` };
  }
  if (connection.phase === "stopped") return { kind: "off", label: "Disconnected", text: connection.reason };
  return { kind: "wait", label: connection.reason ? "Reconnecting" : "Connecting", text: connection.reason ? "Reconnecting…" : "Connecting…" };
}

/** The dot beside the name and the banner above the conversation. */
export class StatusView {
  #dot = byId("status-dot");
  #label = byId("status-label");
  #banner = byId("banner");
  #text = byId("banner-text");
  #announcer = byId("announcer");
  #announced = "";
  #ticker = 0;
  #delay = 0;

  constructor(session, connection) {
    this.session = session;
    this.connection = connection;
    byId("banner-retry").addEventListener("click", () => connection.retryNow());
    session.on("change", () => this.#update());
    connection.on("phase", () => this.#update());
  }

  #update() {
    const { kind, label, text } = statusOf(this.session, this.connection);
    this.#dot.dataset.kind = kind;
    this.#label.textContent = label;
    this.#text.textContent = text;
    byId("banner-retry").hidden = !["waiting", "stopped"].includes(this.connection.phase);
    this.#reveal(text !== "");
    this.#announce(label);
    clearInterval(this.#ticker);
    if (this.connection.phase === "waiting" && this.session.name !== null) this.#ticker = setInterval(() => this.#update(), 1000);
  }

  /** A first connection takes a blink; a banner for that long would only be flicker. */
  #reveal(show) {
    clearTimeout(this.#delay);
    if (!show) this.#banner.hidden = true;
    else if (this.connection.phase === "connecting" && this.#banner.hidden) this.#delay = setTimeout(() => { this.#banner.hidden = false; }, 600);
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
