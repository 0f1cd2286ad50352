import { Connection } from "./chitchatz/connection.js";
import { Delivery } from "./chitchatz/delivery.js";
import { Emitter } from "./chitchatz/emitter.js";
import { ChatError } from "./chitchatz/errors.js";
import { Membership } from "./chitchatz/membership.js";
import { Memory } from "./chitchatz/memory.js";
import { Outbox } from "./chitchatz/outbox.js";
import { Session } from "./chitchatz/session.js";
import { addressOf, messageOf, tabStorage } from "./chitchatz/values.js";

export { ChatError };

const TYPING_MS = 3_000;

/**
 * A client of version 2 of the protocol. What the person wants (`name`, `wanted`, the outbox) is kept, and brought about whenever the
 * server can be reached; what the server confirmed is `state`, `user` and `room`. docs/api/client-api.md shows how to use it, and
 * chitchatz.d.ts has every member.
 */
export class ChitChatz extends Emitter {
  #connection;
  #session;
  #membership;
  #outbox;
  #delivery;
  #typedAt = -Infinity;

  constructor({ url, storage = tabStorage(), key = "chitchatz", WebSocket = globalThis.WebSocket } = {}) {
    super();
    const memory = new Memory(storage, key);
    this.#connection = new Connection(addressOf(url, import.meta.url), WebSocket);
    const session = this.#session = new Session(this.#connection, memory);
    const outbox = this.#outbox = new Outbox(memory, () => this.emit("outbox"));
    const membership = this.#membership = new Membership(session, outbox, memory);
    const delivery = this.#delivery = new Delivery(outbox, session, membership, (message) => this.emit("sent", message));
    session.on("lost", () => delivery.lost());
    // The server does not say which, and ends the connection: without what it cannot take, one may come back.
    session.on("error", (error) => error.code === "too_large" && delivery.tooLarge(error) && this.#connection.drop(error.message));
    membership.on("settled", () => delivery.run());
    membership.on("renamed", ({ from, to }) => outbox.rename(from, to));
    membership.on("barred", ({ room, error }) => outbox.bar(room, error));
    for (const type of ["state", "rooms", "drain", "error"]) session.on(type, (detail) => this.emit(type, detail));
    for (const type of ["state", "room", "gap", "message", "joined", "left", "typing", "error"]) membership.on(type, (detail) => this.emit(type, detail));
    // After the listeners: when a message leaves the outbox, it is in the room for all to see.
    membership.on("message", (message) => message.own && delivery.echoed(message));
  }

  get state() {
    if (this.#session.registered) return "online";
    return { idle: "offline", waiting: "offline", stopped: "refused" }[this.#connection.phase] ?? "connecting";
  }

  get reason() { return this.#session.registered ? null : this.#connection.reason; }
  get retryAt() { return this.#connection.retryAt && new Date(this.#connection.retryAt); }
  get name() { return this.#session.name; }
  get user() { return this.#session.user; }
  get wanted() { return this.#membership.wanted; }
  get room() { return this.#membership.visiting ? null : this.#membership.room; }
  get rooms() { return [...this.#session.rooms]; }
  get outbox() { return this.#outbox.all; }

  get tokenExpiresAt() {
    const at = this.#session.token?.expiresAt;
    return at ? new Date(at) : null;
  }

  resume() {
    if (!this.#session.restore()) return false;
    this.#membership.restore();
    this.#connection.start();
    return true;
  }

  signIn(name) {
    return this.#session.signIn(name);
  }

  signOut() {
    this.#membership.forget();
    this.#session.signOut();
    this.#outbox.clear();
  }

  retryNow() {
    this.#connection.retryNow();
    this.#membership.hurry();
  }

  wake() {
    this.#session.wake();
    this.#membership.hurry();
  }

  join(room, { after = null } = {}) {
    if (typeof room !== "string" || !room.trim()) throw new TypeError("A room has a name.");
    return this.#membership.join(room, after);
  }

  leave() {
    return this.#membership.leave();
  }

  /** Puts a message for the wanted room into the outbox, from where it is sent as soon as that is possible. */
  send(text) {
    if (typeof text !== "string" || text === "") throw new TypeError("A message has a text.");
    if (this.wanted === null) throw new ChatError("not_in_room", "Join a room first.");
    const message = this.#outbox.add(this.wanted, text);
    this.#delivery.run();
    return message;
  }

  retry(message) {
    this.#outbox.retry(message);
    this.#delivery.run();
  }

  discard(message) {
    this.#outbox.discard(message);
    this.#delivery.run();
  }

  /** Tells the others in the room. Call it with every key: it is sent every 3 seconds at most. */
  typing() {
    const now = Date.now();
    if (!this.#membership.settled || this.room === null || now - this.#typedAt < TYPING_MS) return;
    this.#typedAt = now;
    this.#connection.send({ event: "typing", room: this.room });
  }

  async history({ before, after, limit } = {}) {
    const data = await this.#ask("get_history", { before, after, limit });
    const messages = data.messages.map((message) => messageOf(message, { room: data.room, epoch: data.epoch, user: this.user })).filter(Boolean);
    // One that is read is stored, whether or not its ack came: a page that was loaded anew has lost that.
    for (const message of messages) if (message.own) this.#delivery.echoed(message);
    return { room: data.room, epoch: data.epoch, messages, more: data.more === true };
  }

  async members() {
    const { room, count, members } = await this.#ask("get_members");
    return { room, count, members };
  }

  /** Something about the room that we are in. */
  async #ask(event, fields) {
    if (this.#session.registered && this.room === null) throw new ChatError("not_in_room", "Join a room first.");
    return (await this.#session.request(event, { room: this.room, ...fields })).data;
  }
}
