import { ChitChatz } from "./chitchatz.js";
import { Conversation } from "./state/conversation.js";
import { Drafts } from "./state/drafts.js";
import { People } from "./state/people.js";
import { Settings } from "./state/settings.js";
import { Composer } from "./views/composer.js";
import { Drawer } from "./views/drawer.js";
import { byId } from "./views/element.js";
import { drawIcons } from "./views/icon.js";
import { InfoDialog } from "./views/info-dialog.js";
import { LogView } from "./views/log.js";
import { MessageMenu } from "./views/message-menu.js";
import { NameDialog } from "./views/name-dialog.js";
import { OutboxView } from "./views/outbox.js";
import { PeopleView } from "./views/people.js";
import { PlaceView } from "./views/place.js";
import { RoomDialog } from "./views/room-dialog.js";
import { RoomList } from "./views/room-list.js";
import { SettingsDialog } from "./views/settings-dialog.js";
import { SignOutDialog } from "./views/sign-out-dialog.js";
import { StatusView } from "./views/status.js";
import { Toasts } from "./views/toasts.js";
import { lastName } from "./state/last-name.js";

drawIcons();
if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const key of document.querySelectorAll("[data-mac]")) key.textContent = key.dataset.mac;

// Beside the page, also when a proxy puts it under a path of its own.
const url = new URL("ws", document.baseURI);
const chat = new ChitChatz({ url });
const settings = new Settings();
const people = new People(chat);
const conversation = new Conversation(chat);
const drafts = new Drafts();

const toasts = new Toasts();
const drawer = new Drawer();
const log = new LogView(conversation, (text) => toasts.info(text));
const composer = new Composer(chat, drafts, () => {
  conversation.answered();
  log.follow();
});
const nameDialog = new NameDialog(chat);
const roomDialog = new RoomDialog(join);
const settingsDialog = new SettingsDialog(settings);
const signOutDialog = new SignOutDialog(chat, signOut);
const infoDialog = new InfoDialog(chat, url);
const rooms = new RoomList(chat, join);
new StatusView(chat);
new PeopleView(people, chat);
new PlaceView(chat, people, conversation);
new OutboxView(chat, conversation);
new MessageMenu(byId("log"), (key) => log.find(key), {
  copyText: (message) => copy(message.text, "Message copied."),
  copySender: (message) => copy(message.from, "Name copied."),
  hide,
});

function join(room) {
  drawer.close();
  chat.join(room, { after: conversation.after(room) }).then(
    () => toasts.settled(),
    (error) => error.code === "superseded" || error.code === "closed" || toasts.error(error.message),
  );
  composer.focus();
}

function hide(message) {
  conversation.hide(message);
  log.focusAfter(message);
  toasts.info("Message hidden for you. Others still see it.", { text: "Undo", run: () => conversation.unhide(message.room, message) });
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
  chat.signOut();
  conversation.clear();
  drafts.clear();
  nameDialog.ask(lastName.get());
}

chat.on("state", () => chat.state === "online" && lastName.set(chat.name));
// What the state tells needs no notice beside it.
chat.on("error", (error) => chat.state === "refused" || toasts.error(error.message));

byId("sign-out").addEventListener("click", () => signOutDialog.open());
byId("settings-open").addEventListener("click", () => settingsDialog.open());
byId("info-open").addEventListener("click", () => infoDialog.open());
byId("room-leave").addEventListener("click", () => {
  chat.leave();
  byId("welcome-new").focus();
});
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
addEventListener("online", () => chat.wake());
addEventListener("offline", () => chat.state === "online" && chat.wake());
document.addEventListener("visibilitychange", () => document.hidden || chat.wake());

delete document.documentElement.dataset.returning;
if (!chat.resume()) nameDialog.ask(lastName.get());
