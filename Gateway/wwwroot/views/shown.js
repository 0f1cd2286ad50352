import { continues, dayItem, lineItem, messageItem } from "./message-item.js";
import { dayOf, sameDay } from "./time.js";
import { lineOf } from "./unread.js";
import { isAfter, keyOf } from "../state/transcript.js";

const MOST = 240;
const STEP = 80;
const BEFORE = 10;

/** The stretch of a transcript that is in the document, as a list of items that are kept from one drawing to the next. */
export class Shown {
  #list;
  #transcript = null;
  // The first message of the stretch, and how many there are; by the message, since others may be put in before it.
  #first = null;
  #size = 0;
  #items = new Map();
  #reachesEnd = true;
  #reachesStart = true;

  constructor(list) {
    this.#list = list;
  }

  get items() {
    return [...this.#list.querySelectorAll(".message[data-key]")];
  }

  get lastItem() {
    return this.items.at(-1);
  }

  /** The line between read and new. */
  get line() {
    return this.#list.querySelector(":scope > .line");
  }

  /** The first message that is shown, or null. */
  get first() {
    return this.#first;
  }

  get reachesEnd() {
    return this.#reachesEnd;
  }

  get reachesStart() {
    return this.#reachesStart;
  }

  clear() {
    this.#list.replaceChildren();
    this.#items.clear();
    this.#first = null;
    this.#size = 0;
  }

  /** Where the first visible message ends now; `moved()` tells later by how much it is elsewhere. */
  anchor(scroller) {
    const edge = scroller.getBoundingClientRect().top;
    const item = this.items.find((each) => each.getBoundingClientRect().bottom > edge);
    if (!item) return null;
    const before = item.getBoundingClientRect().bottom;
    // Drawn anew if another one has come before it, which may be its sender's too.
    const now = () => (item.isConnected ? item : this.items.find(({ dataset }) => dataset.key === item.dataset.key));
    return { moved: () => (now()?.getBoundingClientRect().bottom ?? before) - before };
  }

  itemOf(message) {
    return this.items.find(({ dataset }) => dataset.key === keyOf(message));
  }

  itemAfter(message) {
    return this.items.find(({ dataset }) => {
      const [epoch, seq] = dataset.key.split(".").map(Number);
      return isAfter({ epoch, seq }, message);
    }) ?? this.lastItem;
  }

  /** Takes more older ones in, and as many newer ones out. False when there are none. */
  moveUp() {
    const at = this.#start();
    if (at <= 0) return false;
    const start = Math.max(0, at - STEP);
    this.#size = Math.min(MOST, this.#size + (at - start));
    this.#first = this.#transcript.messages[start];
    return true;
  }

  /** Makes a message one of the first that are shown. */
  moveTo(message) {
    const { messages } = this.#transcript;
    const start = Math.max(0, this.#transcript.indexOf(message) - BEFORE);
    this.#first = messages[start];
    this.#size = Math.min(MOST, messages.length - start);
  }

  moveDown() {
    if (this.#reachesEnd) return false;
    const { messages } = this.#transcript;
    const at = this.#start();
    const end = Math.min(messages.length, at + this.#size + STEP);
    const start = Math.max(at, end - MOST);
    this.#first = messages[start];
    this.#size = end - start;
    return true;
  }

  /** Brings the list in line with the transcript. True when there are only new items at its end. */
  draw(transcript, { toEnd }) {
    this.#transcript = transcript;
    const messages = transcript?.messages ?? [];
    const wasEnd = this.#reachesEnd;
    let start = this.#start();
    let end = Math.min(messages.length, start + this.#size);
    if (toEnd) {
      end = messages.length;
      start = Math.max(0, Math.min(start, end), end - MOST / 2);
    } else if (wasEnd && messages.length - start <= MOST) {
      end = messages.length;
    }
    this.#first = messages[start] ?? null;
    this.#size = end - start;
    this.#reachesStart = start === 0;
    this.#reachesEnd = end === messages.length;
    return this.#place(this.#wanted(transcript, messages, start, end));
  }

  #start() {
    if (!this.#first || !this.#transcript) return 0;
    const at = this.#transcript.indexOf(this.#first);
    if (at >= 0) return at;
    // It was hidden, or all was read anew: the next one there is.
    const next = this.#transcript.messages.findIndex((message) => isAfter(message, this.#first));
    return next < 0 ? 0 : next;
  }

  /** Key and maker of each item, in order. */
  #wanted(transcript, messages, start, end) {
    const wanted = new Map();
    const line = lineOf(transcript, messages[start]);
    for (let i = start; i < end; i++) {
      const [message, before] = [messages[i], messages[i - 1]];
      const newDay = !before || !sameDay(before.at, message.at);
      if (newDay) wanted.set(`day ${message.at.toDateString()}`, () => dayItem(dayOf(message.at)));
      const isLine = line?.first === message;
      if (isLine) wanted.set(`line ${line.text}`, () => lineItem(line.text));
      const continued = !isLine && continues(message, before);
      wanted.set(`${keyOf(message)} ${continued}`, () => messageItem(message, continued));
    }
    return wanted;
  }

  #place(wanted) {
    const items = new Map();
    const { key: focused } = document.activeElement?.closest(".message[data-key]")?.dataset ?? {};
    for (const [key, make] of wanted) items.set(key, this.#items.get(key) ?? make());
    let [added, removed] = [0, 0];
    for (const [key, item] of this.#items) {
      if (items.has(key)) continue;
      item.remove();
      removed++;
    }
    let before = this.#list.firstElementChild;
    let atEnd = true;
    const fresh = this.#items.size > 0;
    for (const [key, item] of items) {
      if (item === before) {
        before = before.nextElementSibling;
        continue;
      }
      atEnd &&= before === null;
      added++;
      // Only what arrives moves; a conversation that is opened is simply there.
      item.classList.toggle("fresh", fresh && before === null && !this.#items.has(key));
      this.#list.insertBefore(item, before);
    }
    this.#items = items;
    // A message that was drawn anew keeps the focus.
    if (focused && document.activeElement === document.body) this.items.find(({ dataset }) => dataset.key === focused)?.focus({ preventScroll: true });
    return fresh && added > 0 && atEnd && removed <= added;
  }
}
