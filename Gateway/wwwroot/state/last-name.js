const KEY = "chitchatz.name";

/**
 * The last name, as a suggestion for the next visit: all that every tab and every later visit can read. The token and the outbox live
 * in sessionStorage, which belongs to one tab and is gone with it. Storage may be blocked: then nothing is suggested.
 */
export const lastName = {
  get() {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  },

  set(name) {
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // Not remembered.
    }
  },
};
