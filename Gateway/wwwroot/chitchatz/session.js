import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { ChatError, needsRegistration, offline, refusesName } from "./errors.js";
import { Reading } from "./reading.js";
import { Requests } from "./requests.js";
import { Timers } from "./timers.js";
import { Token } from "./token.js";
import { deferred, messageOf } from "./values.js";

const AWAKE_MS = 5_000;
const QUIET_MS = 45_000;
const AGAIN_MS = 60_000;

/**
 * Who we are and where. What the person wants is `name` and `wanted`; what the server confirmed is `registered` and `room`, and
 * #settle works off the difference, now and after every reconnect.
 * Beside the events that ChitChatz gives on: `leaving` (another room is about to be wanted), `settled` (we are where we want to be),
 * `renamed` {from, to}, `barred` {room, error} (a room that we shall not enter) and `lost`.
 */
export class Session extends Emitter {
  #connection;
  #memory;
  #requests;
  #reading = new Reading();
  #rejoins = new Backoff(1_000, 15_000);
  #timers = new Timers();
  #entered = null;
  // A register, join or leave is under way; one at a time, and no message meanwhile.
  #moving = false;
  // Set by signIn until the server has accepted the name: the token would bring back the one that it names.
  #renaming = false;
  #signing = null;
  #joining = null;
  #leaving = null;

  token = null;
  name = null;
  wanted = null;
  room = null;
  rooms = [];
  registered = false;

  constructor(connection, memory) {
    super();
    this.#connection = connection;
    this.#memory = memory;
    this.#requests = new Requests(connection);
    connection.on("phase", () => this.emit("state"));
    connection.on("open", () => this.#authenticate());
    connection.on("frame", (frame) => this.#receive(frame));
    connection.on("lost", () => this.#lost());
  }

  get user() { return this.token?.user ?? null; }

  /** Whether messages for the wanted room can be sent. */
  get settled() {
    return this.registered && !this.#moving && this.room !== null && this.room === this.wanted;
  }

  /** Continues what storage remembers; false when that is nothing. */
  resume() {
    const saved = this.#memory.load("session");
    if (typeof saved?.name !== "string") return false;
    this.name = saved.name;
    this.token = Token.read(saved.jwt);
    this.wanted = typeof saved.room === "string" ? saved.room : null;
    this.#connection.start();
    return true;
  }

  /** Registers under a name, as the same person as before if there is a token. */
  signIn(name) {
    this.#signing?.reject(new ChatError("superseded", "Another name was given."));
    this.#signing = deferred();
    this.#renaming = true;
    this.name = name;
    // One that is open already was asked for another name.
    if (this.#connection.phase === "open") this.#connection.drop("The name is being changed.", { again: "now" });
    else this.#connection.start();
    return this.#signing.promise;
  }

  signOut() {
    const over = new ChatError("closed", "Signed out.");
    for (const waiting of [this.#signing, this.#joining]) waiting?.reject(over);
    this.#signing = this.#joining = null;
    this.#reading = new Reading();
    this.#renaming = false;
    Object.assign(this, { token: null, name: null, wanted: null, rooms: [] });
    this.#memory.forget("session");
    this.#connection.stop();
    this.emit("rooms", []);
    this.emit("state");
  }

  /** After sleep or a change of network: find out now, not when the next pause ends. */
  wake() {
    if (this.#connection.phase === "waiting") this.#connection.retryNow();
    else if (this.registered) this.#probe(AWAKE_MS);
  }

  /** Enters a room, now or as soon as the server can be reached. */
  join(room, after) {
    if (room === this.wanted && room === this.room) return Promise.resolve(this.#entered);
    if (room !== this.wanted) {
      this.#go(room);
      this.#reading.start(room, after);
    }
    this.#joining ??= deferred();
    const { promise } = this.#joining;
    this.#settle();
    this.emit("state");
    return promise;
  }

  leave() {
    this.#go(null);
    // Without a connection we are in no room, and with the next one it stays so.
    if (!this.registered) return Promise.resolve();
    this.#leaving ??= deferred();
    const { promise } = this.#leaving;
    this.#settle();
    this.emit("state");
    return promise;
  }

  request(event, fields) {
    if (!this.registered) return Promise.reject(offline("There is no connection."));
    return new Promise((answered, failed) => this.ask(event, fields, { answered, failed }));
  }

  ask(...request) { this.#requests.ask(...request); }

  #authenticate() {
    this.#moving = true;
    if (!this.token || this.#renaming || this.wanted === null) return this.#register();
    const asked = this.wanted;
    this.ask("join_room", { v: 2, jwt: this.token.raw, room: asked, after: this.#reading.of(asked) ?? undefined }, {
      answered: (frame) => {
        this.#signedIn();
        this.#joined(asked, frame);
      },
      failed: (error) => {
        if (needsRegistration(error)) return this.#register();
        // These two come from the join, behind the door that the token opened.
        if (!["bad_room", "rate_limited"].includes(error.code)) return this.#notRegistered(error);
        this.#signedIn();
        this.#notJoined(asked, error);
      },
    });
  }

  #register() {
    this.ask("register", { v: 2, name: this.name, jwt: this.token?.raw }, {
      answered: () => {
        this.#moving = false;
        this.#signedIn();
        this.#settle();
      },
      failed: (error) => this.#notRegistered(error),
    });
  }

  #notRegistered(error) {
    if (error.code === "offline") return;
    if (error.retry && !refusesName(error)) return this.#connection.drop(error.message, { atLeastMs: error.retryAfterMs });
    this.#connection.stop(error);
    if (this.#signing) this.#signing.reject(error);
    else this.emit("error", error);
    this.#signing = null;
  }

  #signedIn() {
    this.registered = true;
    this.#renaming = false;
    this.name = this.token?.name ?? this.name;
    this.#remember();
    this.ask("get_rooms", {}, { answered: ({ data }) => this.#listed(data), failed: () => {} });
    this.#signing?.resolve({ name: this.name, user: this.user });
    this.#signing = null;
    this.emit("state");
  }

  /** Another room is wanted, or none. What was written for the old one goes first. */
  #go(room) {
    this.#joining?.reject(new ChatError("superseded", "Another room was asked for."));
    this.#joining = null;
    this.emit("leaving");
    this.wanted = room;
    this.#timers.clear("rejoin");
    this.#remember();
  }

  /** Works off the difference between where we are and where we want to be. */
  #settle() {
    if (!this.registered || this.#moving || this.#timers.runs("rejoin")) return;
    if (this.room === this.wanted) {
      this.#leaving?.resolve();
      this.#leaving = null;
      if (this.settled) this.emit("settled");
      return;
    }
    this.#moving = true;
    const asked = this.wanted;
    // A leave that is refused means that there is nothing to leave.
    if (asked === null) return this.ask("leave_room", {}, { answered: () => this.#left(), failed: (error) => error.code === "offline" || this.#left() });
    this.ask("join_room", { room: asked, after: this.#reading.of(asked) ?? undefined }, {
      answered: (frame) => this.#joined(asked, frame),
      failed: (error) => this.#notJoined(asked, error),
    });
  }

  #joined(asked, { data }) {
    const { room, epoch, head, recovered } = data;
    this.#moving = false;
    const gap = this.#reading.joined(asked, data);
    // Unless it is wanted anew by now, and to be entered from where it was read to.
    if (this.room !== room && this.room !== this.wanted) this.#reading.forget(this.room);
    // The server may know it by another spelling; the first one wins, and is what everybody sees.
    if (room !== asked) this.emit("renamed", { from: asked, to: room });
    if (this.wanted === asked) this.wanted = room;
    this.room = room;
    this.#entered = { room, epoch, head, recovered };
    this.#rejoins.reset();
    this.#remember();
    this.emit("room", { ...this.#entered, asked });
    this.#missed(gap);
    if (this.wanted === room) {
      this.#joining?.resolve(this.#entered);
      this.#joining = null;
    }
    this.#settle();
  }

  #notJoined(asked, error) {
    this.#moving = false;
    if (error.code === "offline") return;
    if (needsRegistration(error)) return this.renew();
    if (error.code === "unavailable") this.room = null;
    if (this.wanted !== asked) return this.#settle();
    if (error.retry && this.room === null) {
      this.#timers.set("rejoin", Math.max(this.#rejoins.next(), error.retryAfterMs), () => this.#settle());
      return this.emit("state");
    }
    this.emit("barred", { room: asked, error });
    this.wanted = this.room;
    this.#remember();
    if (this.#joining) this.#joining.reject(error);
    else this.emit("error", error);
    this.#joining = null;
    this.emit("state");
    this.#settle();
  }

  #left() {
    this.#moving = false;
    if (this.room !== this.wanted) this.#reading.forget(this.room);
    this.room = this.#entered = null;
    this.emit("state");
    this.#settle();
  }

  /** We are not where we thought: go back in, after a moment, in case somebody wants us out. */
  lostRoom() {
    if (this.#moving) return;
    this.room = null;
    this.#timers.set("rejoin", this.#rejoins.next(), () => this.#settle());
    this.emit("state");
  }

  /** The server does not know us any more: a new connection registers again. */
  renew() {
    this.#connection.drop("The session is being renewed.", { again: "spread" });
  }

  #receive(frame) {
    if (frame.jwt) this.#take(frame.jwt);
    this.#timers.set("quiet", QUIET_MS, () => this.#probe());
    const request = typeof frame.id === "string" ? this.#requests.take(frame.id) : undefined;
    if (request) return frame.event === "error" ? request.failed(ChatError.of(frame)) : request.answered(frame);
    switch (frame.event) {
      case "message": return this.#heard(messageOf(frame.data, { user: this.user }));
      case "gap": return this.#missed(frame.data.room === this.room && this.#reading.skip(frame.data));
      case "rooms": return this.#listed(frame.data);
      case "joined": case "left": case "typing": return this.emit(frame.event, frame.data);
      case "drain": return this.#drained(frame.data);
      case "error": return this.emit("error", ChatError.of(frame));
    }
  }

  #heard(message) {
    if (!message || message.room !== this.room) return;
    const { fresh, gap } = this.#reading.take(message);
    this.#missed(gap);
    if (fresh) this.emit("message", message);
  }

  #missed(gap) {
    if (gap) this.emit("gap", gap);
  }

  #listed(rooms) {
    if (!Array.isArray(rooms)) return;
    this.rooms = rooms.filter((room) => typeof room === "string");
    this.emit("rooms", [...this.rooms]);
  }

  /** This gateway goes away. Everybody moves at a moment of their own, so that the others are not met by all at once. */
  #drained({ after_ms: afterMs }) {
    if (this.#timers.runs("drain")) return;
    this.#timers.set("drain", Math.random() * afterMs, () => this.#connection.drop("The server is restarting.", { again: "now" }));
    this.emit("drain", { afterMs });
  }

  /** Any frame may bring a fresh token; a client that hears nothing asks for one before the old one is spent. */
  #take(raw) {
    const token = Token.read(raw);
    if (!token) return;
    this.token = token;
    this.#remember();
    if (token.lifetime > 0) this.#timers.set("refresh", token.lifetime * 0.6, () => this.#refresh());
  }

  #refresh() {
    this.#timers.set("refresh", AGAIN_MS, () => this.#refresh());
    this.ask("refresh", {}, { answered: () => {}, failed: (error) => needsRegistration(error) && this.renew() });
  }

  /** Every request has an answer, so silence means a dead line; and the answer says where the server thinks we are. */
  #probe(timeoutMs) {
    this.ask("get_room", {}, {
      answered: ({ data }) => !this.#moving && this.room !== null && data !== this.room && this.lostRoom(),
      failed: (error) => needsRegistration(error) && this.renew(),
    }, timeoutMs);
  }

  #lost() {
    this.registered = this.#moving = false;
    this.room = this.#entered = null;
    this.#timers.clearAll();
    this.#requests.failAll(this.#connection.reason?.message ?? "Signed out.");
    this.emit("lost");
    this.#leaving?.resolve();
    this.#leaving = null;
  }

  #remember() {
    if (this.name !== null && this.token && !this.#renaming) this.#memory.save("session", { name: this.name, jwt: this.token.raw, room: this.wanted });
  }
}
