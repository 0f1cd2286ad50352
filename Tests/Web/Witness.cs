namespace ChitChatz.Tests.Web;

/// <summary>
/// Looks at a page all along, and notes what it shows that cannot be so. What must never be seen is looked for after each change of the document; what
/// may be under way between two changes, before each paint. Every text may be written once only. It goes with the page, and what it noted does not.
/// </summary>
internal static class Witness
{
    private const string Script = """
        () => {
          const [log, outbox, label] = ["#messages", "#pending", "#status-label"].map((place) => document.querySelector(place));
          const textsIn = (list) => [...list.querySelectorAll(".bubble")].map(({ textContent }) => textContent);
          const noted = () => JSON.parse(sessionStorage.getItem("witness") ?? "[]");
          const note = (what, text) => sessionStorage.setItem("witness", JSON.stringify([...new Set([...noted(), `${what}: ${text}`])]));
          const known = new Set();
          let most = 0;
          // What was shown last while the server is known to be gone; null while it is there.
          let gone = null;

          // Of all that runs before a paint its observers of sizes run last, and each new one runs.
          const beforePaint = new ResizeObserver(() => {
            const shown = new Set([...textsIn(log), ...textsIn(outbox)]);
            for (const text of known) if (!shown.has(text)) note("nowhere", text);
          });
          const lookBeforePaint = () => {
            beforePaint.unobserve(document.body);
            beforePaint.observe(document.body);
          };

          const look = () => {
            const [sent, unsent] = [textsIn(log), textsIn(outbox)];
            for (const text of [...sent, ...unsent]) known.add(text);
            if (sent.length < most) note("fewer", `${sent.length} after ${most}`);
            most = Math.max(most, sent.length);
            for (const text of sent) if (sent.indexOf(text) !== sent.lastIndexOf(text)) note("twice", text);
            for (const text of unsent) if (sent.includes(text)) note("both", text);
            if (gone) {
              if (label.textContent === "Connected") note("connected without a server", sent.length);
              for (const text of sent) if (!gone.sent.includes(text)) note("sent without a server", text);
              for (const text of gone.unsent) if (!unsent.includes(text)) note("waits no longer without a server", text);
              for (const text of outbox.querySelectorAll(".sending .bubble")) note("under way without a server", text.textContent);
              gone = { sent, unsent };
            }
            lookBeforePaint();
          };

          const changes = new MutationObserver(look);
          for (const place of [log, outbox, label]) changes.observe(place, { childList: true, characterData: true, subtree: true });
          // What is sent off is somewhere from then on; noted before the page itself hears of it.
          addEventListener("keydown", ({ key, target }) => {
            if (key !== "Enter" || target.id !== "composer-input") return;
            known.add(target.value);
            lookBeforePaint();
          }, true);
          window.witness = {
            noted,
            serverIsGone: async () => {
              // What came before is drawn by then.
              for (let frames = 0; frames < 2; frames++) await new Promise((next) => requestAnimationFrame(next));
              gone = { sent: textsIn(log), unsent: textsIn(outbox) };
              look();
            },
            serverIsBack: () => { gone = null; },
          };
          look();
        }
        """;

    /// <summary>From now on, until the page is loaded anew.</summary>
    public static Task WatchAsync(ChatPage page) => page.Page.EvaluateAsync(Script);

    /// <summary>The server is dead, and the page says that it is not connected: from now on it can neither send nor get anything.</summary>
    public static Task ServerIsGoneAsync(ChatPage page) => page.Page.EvaluateAsync("witness.serverIsGone()");

    /// <summary>There may be a server again.</summary>
    public static Task ServerIsBackAsync(ChatPage page) => page.Page.EvaluateAsync("witness.serverIsBack()");

    /// <summary>All that was not so.</summary>
    public static Task<string[]> UntruthsAsync(ChatPage page) => page.EvaluateAsync<string[]>("witness.noted()");
}
