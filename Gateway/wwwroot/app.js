import { Connection } from "./net/connection.js";
import { Outbox } from "./state/outbox.js";
import { Session } from "./state/session.js";
import { Settings } from "./state/settings.js";
import { Transcripts } from "./state/transcript.js";
import { Vault } from "./state/vault.js";
import { Composer } from "./views/composer.js";
import { Drawer } from "./views/drawer.js";
import { byId } from "./views/element.js";
import { drawIcons } from "./views/icon.js";
import { InfoDialog } from "./views/info-dialog.js";
import { LogView } from "./views/log.js";
import { MessageMenu } from "./views/message-menu.js";
import { NameDialog } from "./views/name-dialog.js";
import { PendingView } from "./views/pending.js";
import { PlaceView } from "./views/place.js";
import { RoomDialog } from "./views/room-dialog.js";
import { RoomList } from "./views/room-list.js";
import { SettingsDialog } from "./views/settings-dialog.js";
import { StatusView } from "./views/status.js";
import { spanOf } from "./views/time.js";
import { Toasts } from "./views/toasts.js";

drawIcons();
if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const key of document.querySelectorAll("[data-mac]")) key.textContent = key.dataset.mac;

// Beside the page, also when a proxy puts it under a path of its own.
const url = new URL("ws", document.baseURI);
url.protocol = url.protocol === "https:" ? "wss:" : "ws:";

const vault = new Vault();
const outbox = new Outbox();
const connection = new Connection(url);
const session = new Session(connection, vault, outbox);
const settings = new Settings();
const transcripts = new Transcripts();

const toasts = new Toasts();
const drawer = new Drawer();
const log = new LogView();
const place = new PlaceView(session);
const composer = new Composer(session);
const nameDialog = new NameDialog(session, connection);
const roomDialog = new RoomDialog(join);
const settingsDialog = new SettingsDialog(settings);
const infoDialog = new InfoDialog(session, connection, url);
const rooms = new RoomList(session, join);
new StatusView(session, connection);
new PendingView(outbox, session, toasts);
new MessageMenu(byId("log"), (id) => log.transcript?.entries.find((entry) => entry.id === id), {
  copyText: (entry) => copy(entry.text, "Message copied."),
  copySender: (entry) => copy(entry.from, "Name copied."),
  hide,
});

function join(room) {
  drawer.close();
  session.join(room);
  composer.focus();
}

function hide(entry) {
  const transcript = log.transcript;
  transcript.remove(entry);
  log.redraw();
  log.focusAfter(entry);
  toasts.info("Message hidden for you. Others still see it.", {
    text: "Undo",
    run: () => {
      transcript.restore(entry);
      if (log.transcript === transcript) log.redraw();
    },
  });
}

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toasts.info(done);
  } catch {
    toasts.error("The browser did not allow copying.");
  }
}

function signOut() {
  session.signOut();
  transcripts.clear();
  composer.clear();
  log.show(null);
  nameDialog.ask(vault.lastName);
}

session.on("change", () => log.show(session.wanted === null ? null : transcripts.of(session.wanted)));
session.on("error", (text) => toasts.error(text));
session.on("message", ({ from, text, own }) => {
  const transcript = transcripts.of(session.room);
  const entry = transcript.addMessage(from, text, own);
  if (log.transcript === transcript) log.append(entry);
  if (!own) place.heard();
});
session.on("entered", ({ room, lostAt }) => {
  const transcript = transcripts.of(room);
  // Only what arrived here is known: version 1 does not bring the rest.
  const away = lostAt
    ? `You were disconnected for ${spanOf(Date.now() - lostAt)}. Messages sent meanwhile are not shown here.`
    : transcript.entries.length ? "You came back. Messages sent while you were elsewhere are not shown here." : null;
  log.show(transcript);
  if (away) log.append(transcript.addNote(away));
});

byId("sign-out").addEventListener("click", signOut);
byId("settings-open").addEventListener("click", () => settingsDialog.open());
byId("info-open").addEventListener("click", () => infoDialog.open());
byId("room-leave").addEventListener("click", () => session.leave());
byId("room-new").addEventListener("click", () => roomDialog.open());
byId("welcome-new").addEventListener("click", () => roomDialog.open());
byId("welcome-browse").addEventListener("click", searchRooms);

function searchRooms() {
  drawer.open();
  rooms.focusSearch();
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) searchRooms();
});

// Waking up or a network that is back: find out now, not when the next pause ends.
const wake = () => {
  if (connection.phase === "waiting") connection.retryNow();
  else session.probe();
};
addEventListener("online", wake);
document.addEventListener("visibilitychange", () => document.hidden || wake());

if (!session.resume()) nameDialog.ask(vault.lastName);
