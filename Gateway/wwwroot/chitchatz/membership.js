import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { ChatError, needsRegistration } from "./errors.js";
import { Reading } from "./reading.js";
import { Timers } from "./timers.js";
import { deferred, messageOf } from "./values.js";

const VISITS_MS = 30_000;

/**
 * Where we are. What the person wants is `wanted`, what the server confirmed is `room`, and #settle works off the difference, now and
 * after every reconnect. A room in which something was written that is not sent yet is not left before, or visited for it, unseen: of
 * what happens there nothing is given on.
 * Beside the events that ChitChatz gives on: `settled` (messages for `room` can be sent), `renamed` {from, to} and `barred`
 * {room, error} (a room that we shall not enter).
 */
export class Membership extends Emitter {
  #session;
  #outbox;
  #memory;
  #reading = new Reading();
  #rejoins = new Backoff(1_000, 5_000);
  // Before that the server would refuse again.
  #rejoinFrom = 0;
  #timers = new Timers();
  #entered = null;
  // The room that was entered last because somebody wanted to be there.
  #home = null;
  // A join or leave is under way; one at a time, and no message meanwhile.
  #moving = false;
  #joining = null;
  #leaving = null;

  wanted = null;
  room = null;
  /** Whether we are in it for nothing but what was written there. */
  visiting = false;

  constructor(session, outbox, memory) {
    super();
    this.#session = session;
    this.#outbox = outbox;
    this.#memory = memory;
    session.entrance = () => (this.wanted === null ? null : this.#entrance(this.wanted));
    session.on("registered", () => {
      this.#remember();
      this.#settle();
    });
    session.on("lost", () => this.#lost());
    session.on("place", (room) => !this.#moving && this.room !== null && room !== this.room && this.lost());
    session.on("frame", (frame) => this.#receive(frame));
  }

  /** Whether messages for `room` can be sent. */
  get settled() {
    return this.#session.registered && !this.#moving && this.room !== null && (this.visiting || this.room === this.wanted);
  }

  restore() {
    const room = this.#memory.load("room");
    this.wanted = typeof room === "string" ? room : null;
  }

  /** Enters a room, now or as soon as the server can be reached. */
  join(room, after) {
    if (room === this.wanted && room === this.room && !this.visiting) return Promise.resolve(this.#entered);
    if (room !== this.wanted) {
      this.#go(room);
      // One that was not left yet is read on from where it was.
      if (room !== this.room || this.visiting) this.#reading.start(room, after);
    } else {
      this.hurry();
    }
    this.#joining ??= deferred();
    const { promise } = this.#joining;
    this.#settle();
    this.emit("state");
    return promise;
  }

  leave() {
    this.#go(null);
    this.#home = null;
    // Without a connection we are in no room, and with the next one it stays so.
    const left = this.#session.registered ? (this.#leaving ??= deferred()).promise : Promise.resolve();
    this.#settle();
    this.emit("state");
    return left;
  }

  /** Nobody wants to be anywhere, and nothing is known. */
  forget() {
    this.#joining?.reject(new ChatError("closed", "Signed out."));
    this.#joining = null;
    this.#reading = new Reading();
    this.#home = this.wanted = null;
    this.#memory.forget("room");
  }

  /** We are not where we thought: go back in, after a moment, in case somebody wants us out. */
  lost() {
    if (this.#moving) return;
    this.room = null;
    this.#rejoinAfter(0);
    this.emit("state");
  }

  /** Somebody waits for the room: the pause before the next try is as short as the server lets it be. */
  hurry() {
    if (!this.#timers.runs("rejoin")) return;
    this.#rejoins.reset();
    this.#timers.set("rejoin", Math.max(0, this.#rejoinFrom - Date.now()), () => this.#settle());
  }

  /** Nothing more can be sent where we are: goes on to where something waits, or back. */
  proceed() {
    if (this.visiting || this.#visit() !== undefined) this.#settle();
  }

  /** What was written for a room cannot be sent for so long: where the person wants to be comes before that. */
  postpone(room, ms) {
    this.#timers.set(`visit ${room}`, room === this.wanted ? ms : Math.max(VISITS_MS, ms), () => this.#settle());
    this.#settle();
  }

  #rejoinAfter(ms) {
    this.#rejoinFrom = Date.now() + ms;
    this.#timers.set("rejoin", Math.max(this.#rejoins.next(), ms), () => this.#settle());
  }

  /** Another room is wanted, or none. */
  #go(room) {
    this.#joining?.reject(new ChatError("superseded", "Another room was asked for."));
    this.#joining = null;
    this.wanted = room;
    this.#timers.clear("rejoin");
    this.#remember();
  }

  /** Works off the difference between where we are and where we want to be. */
  #settle() {
    if (!this.#session.registered || this.#moving || this.#timers.runs("rejoin")) return;
    const visit = this.#visit();
    if (visit !== undefined) return this.room === visit ? this.#stay(true) : this.#enter(visit);
    if (this.room === this.wanted && !this.visiting) return this.#stay(false);
    if (this.wanted !== null) return this.#enter(this.wanted);
    this.#moving = true;
    // A leave that is refused means that there is nothing to leave.
    this.#session.ask("leave_room", {}, { answered: () => this.#left(), failed: (error) => error.code === "offline" || this.#left() });
  }

  /** A room to be in for what waits for it, this one before others; undefined when there is none, or when it was put off. */
  #visit() {
    const rooms = this.#outbox.rooms.filter((room) => room !== this.wanted && !this.#timers.runs(`visit ${room}`));
    return rooms.includes(this.room) ? this.room : rooms[0];
  }

  #stay(visiting) {
    this.visiting = visiting;
    if (!visiting) {
      this.#leaving?.resolve();
      this.#leaving = null;
      // Nobody had to go anywhere.
      if (this.room !== null) this.#joining?.resolve(this.#entered);
      this.#joining = null;
    }
    if (this.settled) this.emit("settled");
  }

  #enter(room) {
    const { fields, answered, failed } = this.#entrance(room);
    this.#moving = true;
    this.#session.ask("join_room", fields, { answered, failed });
  }

  #entrance(asked) {
    const after = asked === this.wanted ? this.#reading.of(asked) : null;
    return { fields: { room: asked, after: after ?? undefined }, answered: ({ data }) => this.#joined(asked, data), failed: (error) => this.#notJoined(asked, error) };
  }

  #joined(asked, { room, epoch, head, recovered }) {
    this.#moving = false;
    this.visiting = asked !== this.wanted;
    // Unless it is wanted anew by now, and to be entered from where it was read to.
    if (this.room !== room && this.room !== this.wanted) this.#reading.forget(this.room);
    // The server may know it by another spelling; the first one wins, and is what everybody sees.
    if (room !== asked) this.emit("renamed", { from: asked, to: room });
    if (this.wanted === asked) this.wanted = room;
    this.room = room;
    this.#rejoins.reset();
    this.#remember();
    if (this.visiting) this.emit("state");
    else this.#arrived(asked, { room, epoch, head, recovered });
    this.#settle();
  }

  #arrived(asked, entered) {
    const gap = this.#reading.joined(asked, entered);
    this.#entered = entered;
    this.#home = entered.room;
    this.emit("room", { ...entered, asked });
    this.#missed(gap);
    if (this.wanted !== entered.room) return;
    this.#joining?.resolve(entered);
    this.#joining = null;
  }

  #notJoined(asked, error) {
    this.#moving = false;
    if (error.code === "offline") return;
    if (needsRegistration(error)) return this.#session.renew();
    if (error.code === "unavailable") this.room = null;
    if (this.wanted !== asked) return this.#notVisited(asked, error);
    if (error.retry) {
      this.#rejoinAfter(error.retryAfterMs);
      return this.emit("state");
    }
    this.emit("barred", { room: asked, error });
    const before = this.visiting ? this.#home : this.room;
    this.wanted = before === asked ? null : before;
    this.#remember();
    if (this.#joining) this.#joining.reject(error);
    else this.emit("error", error);
    this.#joining = null;
    this.emit("state");
    this.#settle();
  }

  #notVisited(room, error) {
    if (error.retry) return this.postpone(room, error.retryAfterMs);
    this.emit("barred", { room, error });
    this.#settle();
  }

  #left() {
    this.#moving = this.visiting = false;
    if (this.room !== this.wanted) this.#reading.forget(this.room);
    this.room = this.#entered = null;
    this.emit("state");
    this.#settle();
  }

  #receive({ event, data }) {
    if (this.visiting) return;
    if (event === "message") return this.#heard(messageOf(data, { user: this.#session.user }));
    if (event === "gap") return this.#missed(data.room === this.room && this.#reading.skip(data));
    this.emit(event, data);
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

  #lost() {
    this.#moving = this.visiting = false;
    this.room = this.#entered = null;
    this.#timers.clearAll();
    this.#leaving?.resolve();
    this.#leaving = null;
  }

  #remember() {
    if (!this.#session.token) return;
    if (this.wanted === null) this.#memory.forget("room");
    else this.#memory.save("room", this.wanted);
  }
}
