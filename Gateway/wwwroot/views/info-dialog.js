import { byId } from "./element.js";
import { openDialog } from "./dialog.js";
import { statusOf } from "./status.js";
import { fullTime, spanOf } from "./time.js";

/** What this page knows about its own connection. Never the token itself, only when it ends. */
export class InfoDialog {
  #dialog = byId("info-dialog");

  constructor(session, connection, url) {
    this.session = session;
    this.connection = connection;
    this.url = url;
    const refresh = () => this.#dialog.open && this.#show();
    session.on("change", refresh);
    connection.on("phase", refresh);
    setInterval(refresh, 1000);
  }

  open() {
    this.#show();
    openDialog(this.#dialog);
  }

  #show() {
    const expires = this.session.token?.expiresAt;
    const left = expires - Date.now();
    const rows = {
      "info-server": this.url.host,
      "info-state": statusOf(this.session, this.connection).label,
      "info-name": this.session.name ?? "–",
      "info-room": this.session.room ?? "none",
      "info-token": !expires ? "–" : left > 0 ? `in ${spanOf(left)}` : "expired, renewed at the next connection",
    };
    for (const [id, text] of Object.entries(rows)) {
      const place = byId(id);
      if (place.textContent !== text) place.textContent = text;
    }
    byId("info-token").title = expires ? fullTime(new Date(expires)) : "";
  }
}
