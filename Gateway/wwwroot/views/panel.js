/** A panel at the side that a button shows and hides; on pages without room for it, it lies above the rest until it is closed. */
export function openPanel(panel, opener, closer) {
  const narrow = matchMedia("(max-width: 1080px)");
  const apply = (open) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", open);
  };
  opener.addEventListener("click", () => {
    apply(panel.hidden);
    if (!panel.hidden && narrow.matches) closer.focus();
  });
  const close = () => {
    apply(false);
    opener.focus();
  };
  closer.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  narrow.addEventListener("change", () => apply(!narrow.matches));
  apply(!narrow.matches);
}
