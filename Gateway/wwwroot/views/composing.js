// What browsers report for a key that an input method took.
const TAKEN = 229;

/** Whether a key belongs to an input method. Safari says that the composition is over before it gives the Enter that ended it. */
export function isComposing({ isComposing, keyCode }) {
  return isComposing || keyCode === TAKEN;
}
