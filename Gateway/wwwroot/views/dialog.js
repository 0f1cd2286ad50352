/**
 * Opens a modal dialog and gives the focus back afterwards, unless somebody has it by then. Escape, the buttons marked data-close and a press beside the
 * dialog close it.
 */
export function openDialog(dialog) {
  if (dialog.open) return;
  if (!dialog.dataset.wired) {
    dialog.dataset.wired = "true";
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
    dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
  }
  const before = document.activeElement;
  dialog.addEventListener("close", () => document.activeElement === document.body && before?.isConnected && before.checkVisibility() && before.focus(), { once: true });
  dialog.showModal();
}
