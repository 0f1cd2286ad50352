/** A client of version 2 of ChitChatz' protocol. docs/api/client-api.md shows how to use it. */

export interface Options {
  /** The server, as `http(s):` or `ws(s):`. By default the one that this module was loaded from. */
  url?: string | URL | undefined;
  /** Where name, token, room and outbox are kept. By default sessionStorage; null: nowhere. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null | undefined;
  /** What the keys in the storage begin with, "chitchatz" by default. Two clients of one page need two. */
  key?: string | undefined;
  /** The constructor of sockets, for platforms without one. */
  WebSocket?: (new (url: string) => SocketLike) | undefined;
}

/** As much of a WebSocket as is used. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: string, listener: (event: any) => void): void;
}

/**
 * `connecting`: on the way. `online`: registered. `offline`: not connected; if `retryAt` is set, it tries again then.
 * `refused`: the server said no; nothing happens until signIn or retryNow.
 */
export type State = "connecting" | "online" | "offline" | "refused";

/** A place in a room's log. In another epoch it means nothing. */
export interface Position {
  epoch: number;
  seq: number;
}

export interface Message extends Position {
  room: string;
  /** The sender's name when it was sent. */
  from: string;
  /** The sender: the same for one person under any name. */
  user: string | null;
  text: string;
  /** By the server's clock. */
  at: Date;
  /** The sender's id of it, if there was one. */
  id: string | null;
  /** Whether it is ours, from this client or another one of the same person. */
  own: boolean;
}

/** Where a message was stored. */
export interface Place extends Position {
  room: string;
  at: Date;
}

export interface OutboxMessage {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  /** When it was written. */
  readonly at: Date;
  /** `queued`: not under way. `sending`: handed to the connection, not answered. `sent`: stored. `failed`: refused, see `error`. */
  readonly state: "queued" | "sending" | "sent" | "failed";
  readonly error: ChatError | null;
  /** Resolves when it is stored, rejects when it is refused for good or discarded. Through reconnects it just waits. */
  readonly done: Promise<Place>;
}

export interface Entered {
  room: string;
  epoch: number;
  /** The newest message that does not come live. */
  head: number;
  /** Whether everything after our position follows. */
  recovered: boolean;
}

/** Messages `from` to `to`, both included, that did not come; history() has them. */
export interface Gap {
  room: string;
  epoch: number;
  from: number;
  to: number;
}

export interface History {
  room: string;
  epoch: number;
  /** In ascending order. */
  messages: Message[];
  /** Whether there are more in the direction that was read. */
  more: boolean;
}

export interface Events {
  /** `state`, `reason`, `retryAt`, `name`, `wanted` or `room` may have changed. */
  state: undefined;
  /** We are in a room, for the first time or again. `asked` is the spelling that we used. */
  room: Entered & { asked: string };
  /** The list of rooms. */
  rooms: string[];
  /** Each message of the room once, in order. */
  message: Message;
  /** The next message is not the one after the last. */
  gap: Gap;
  /** A message of the outbox is stored. Its `message` may come before or after. */
  sent: Message;
  /** The outbox changed: something was added, moved on, or is gone. */
  outbox: undefined;
  /** Somebody entered; without a name in rooms of more than 200. */
  joined: { room: string; name?: string; count: number };
  left: { room: string; name?: string; count: number };
  typing: { room: string; name: string };
  /** The gateway goes away; the client moves by itself within that time. */
  drain: { afterMs: number };
  /** A refusal that no promise tells: a room that one cannot come back into, a name that was lost. */
  error: ChatError;
}

export class ChatError extends Error {
  constructor(code: string, message: string, options?: { retry?: boolean; retryAfterMs?: number });
  /** An error code of the server, or `offline`, `closed`, `superseded`, `in_doubt`. */
  readonly code: string;
  /** Whether the same may succeed later. */
  readonly retry: boolean;
  readonly retryAfterMs: number;
}

export class ChitChatz {
  constructor(options?: Options);

  readonly state: State;
  /** Why it is not online; null when there is nothing to say. */
  readonly reason: ChatError | null;
  /** When it tries again. */
  readonly retryAt: Date | null;
  /** Our name, as the server shows it. */
  readonly name: string | null;
  /** Who we are to the server, whatever our name. */
  readonly user: string | null;
  /** The room that was asked for last. */
  readonly wanted: string | null;
  /** The room that the server has us in; null while offline, and while something that was left unsent elsewhere is brought there. */
  readonly room: string | null;
  readonly rooms: string[];
  /** Messages that are not known to be stored, in the order of writing. */
  readonly outbox: OutboxMessage[];
  readonly tokenExpiresAt: Date | null;

  /** Listens; call the answer to stop. */
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;

  /** Continues what storage remembers: name, room, outbox. False when there is nothing. */
  resume(): boolean;
  /** Registers under a name. Rejects with `name_taken`, `bad_name`, `name_reserved` or `closed`; waits while offline. */
  signIn(name: string): Promise<{ name: string; user: string }>;
  /** Gives the name back and forgets token, room and outbox. */
  signOut(): void;
  /** Does not wait for `retryAt`; also the way out of `refused`. */
  retryNow(): void;
  /** Call it when the device woke up or its network changed: a dead connection is noticed within 5 seconds. */
  wake(): void;

  /**
   * Enters a room, now or when the server can be reached; afterwards comes back into it by itself. With `after`, what was missed since
   * then comes first, up to 300 messages; a `gap` says when that was not possible.
   */
  join(room: string, options?: { after?: Position | null | undefined }): Promise<Entered>;
  /** Leaves it, after what was written there has been sent. */
  leave(): Promise<void>;

  /** Puts a message for the wanted room into the outbox; works offline. Throws `not_in_room` when there is none. */
  send(text: string): OutboxMessage;
  /** Sends a failed message again. */
  retry(message: OutboxMessage): void;
  /** Takes a message out of the outbox. One that is `sending` may be stored all the same. */
  discard(message: OutboxMessage): void;
  /** Tells the others that we are typing. Call it with every key. */
  typing(): void;

  /** Reads the room's log: above `after`, below `before`, or the newest; at most `limit` (50, up to 100). */
  history(options?: { before?: number | Position | undefined; after?: number | Position | undefined; limit?: number | undefined }): Promise<History>;
  /** How many people are in the room, and the names of up to 200. */
  members(): Promise<{ room: string; count: number; members: string[] }>;
}
