import { byId } from "./element.js";
import { openDialog } from "./dialog.js";
import { statusOf } from "./status.js";
import { fullTime, spanOf } from "./time.js";

/** What this page knows about its own connection. Never the token itself, only when it ends. */
export class InfoDialog {
  #dialog = byId("info-dialog");
  #chat;
  #url;

  constructor(chat, url) {
    this.#chat = chat;
    this.#url = url;
    const refresh = () => this.#dialog.open && this.#show();
    for (const type of ["state", "room", "outbox"]) chat.on(type, refresh);
    setInterval(refresh, 1000);
  }

  open() {
    this.#show();
    openDialog(this.#dialog);
  }

  #show() {
    const { name, room, outbox, tokenExpiresAt: expires } = this.#chat;
    const left = expires - Date.now();
    const rows = {
      "info-server": this.#url.host,
      "info-state": statusOf(this.#chat).label,
      "info-name": name ?? "–",
      "info-room": room ?? "none",
      "info-outbox": outbox.length ? `${outbox.length} waiting` : "empty",
      "info-token": !expires ? "–" : left > 0 ? `in ${spanOf(left)}` : "expired, renewed at the next connection",
    };
    for (const [id, text] of Object.entries(rows)) {
      const place = byId(id);
      if (place.textContent !== text) place.textContent = text;
    }
    byId("info-token").title = expires ? fullTime(expires) : "";
  }
}
