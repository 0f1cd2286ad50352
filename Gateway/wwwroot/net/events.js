/** The names of version 1's events, as PROTOCOL.md has them. */
export const REGISTER = "register";
export const GET_ROOM = "get_room";
export const GET_ROOMS = "get_rooms";
export const JOIN_ROOM = "join_room";
export const MESSAGE = "message";
export const LEAVE_ROOM = "leave_room";
export const ROOM = "room";
export const ROOMS = "rooms";
export const ERROR = "error";

/** The longest text of a message, in UTF-16 units. The server has the last word: it may be set lower there. */
export const MAX_TEXT = 8000;
