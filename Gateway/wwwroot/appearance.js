// Not a module, because modules run after the first paint: the chosen theme has to be there before it.
// The key and the shape are those of state/settings.js.
(function () {
  try {
    const saved = JSON.parse(localStorage.getItem("chitchatz.settings")) || {};
    const root = document.documentElement;
    if (["light", "dark"].includes(saved.theme)) root.dataset.theme = saved.theme;
    if (saved.density === "compact") root.dataset.density = saved.density;
  } catch {
    // Storage may be blocked or hold something else: the defaults of index.html stand.
  }
})();
