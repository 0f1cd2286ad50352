// Not a module, because modules run after the first paint: what the first paint depends on has to be known before it.
// The key and the shape are those of state/settings.js.
(function () {
  try {
    const saved = JSON.parse(localStorage.getItem("chitchatz.settings")) || {};
    const root = document.documentElement;
    if (["light", "dark"].includes(saved.theme)) root.dataset.theme = saved.theme;
    if (saved.density === "compact") root.dataset.density = saved.density;
    // As the client keeps it: the room to come back into.
    if ((JSON.parse(sessionStorage.getItem("chitchatz.session")) || {}).room) root.dataset.returning = "";
  } catch {
    // Storage may be blocked or hold something else: the defaults of index.html stand.
  }
})();
