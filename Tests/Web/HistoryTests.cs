using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class HistoryTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private const int Many = 10_000;

    [Fact]
    public async Task History_WhenScrolledUp_IsReadUpToTheRoomsBeginning()
    {
        var room = $"history {Unique}";
        await using ChatClient2 writer = await WriteAsync(room, 130);
        var ann = await EnterAsync($"Ann {Unique}", room);
        await Expect(ann.Messages.Last).ToHaveTextAsync("130");

        await ScrollToBeginningAsync(ann);

        await Expect(ann.Page.Locator("#older")).ToHaveTextAsync("This is where the room begins.");
        Assert.Equal(Enumerable.Range(1, 130).Select(static i => $"{i}"), await ann.TextsAsync());
    }

    /// <summary>Near enough to the top for older ones to be read, and at the very top, above which nobody can be.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(0)]
    public async Task History_WhenItIsReadAbove_DoesNotMoveTheReader(int top)
    {
        var room = $"steady {Unique}";
        await using ChatClient2 writer = await WriteAsync(room, 300);
        HeldHistory history = new();
        var ann = await EnterBehindAsync(history.Serve, $"Ann {Unique}", room);
        await Expect(ann.Messages.Last).ToHaveTextAsync("300");
        history.Hold();
        var (text, end) = await Deadline.Within(ScrollUntilAskedAsync(ann, top, history), "that older messages are read");
        history.LetGo();
        await ann.Page.WaitForFunctionAsync("() => document.querySelectorAll('#messages .message').length >= 100");
        await ann.PaintedAsync();

        Assert.Equal(end, await EndOfAsync(ann, text));
        Assert.True(await ann.EvaluateAsync<int>("document.querySelector('#log').scrollTop") > 1000, "What was read should be above the reader.");
    }

    /// <summary>The server knows a room in all its spellings; what is shown of it here has to be continued, whichever one is typed.</summary>
    [Fact]
    public async Task Room_WhenEnteredAgainUnderAnotherSpelling_ShowsWhatWasMissed()
    {
        var room = $"spelling {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await bob.SayAsync("one");
        await Expect(ann.Messages.Last).ToHaveTextAsync("one");
        await ann.JoinAsync($"elsewhere {Unique}");
        await bob.SayAsync("two");
        await bob.SayAsync("three");

        await EnterShoutedAsync(ann, room);

        await Expect(ann.Messages).ToHaveTextAsync(["one", "two", "three"]);
    }

    /// <summary>Nobody who reads at the end would know that something is missing further up, and ask for it.</summary>
    [Fact]
    public async Task Hole_WhenItCannotBeReadForNow_IsReadLater()
    {
        var room = $"refused {Unique}";
        Refusal history = new("get_history", "unavailable", retry: true);
        var ann = await EnterBehindAsync(history.Serve, $"Ann {Unique}", room);
        await SayInAsync(room, "one");
        await Expect(ann.Messages.Last).ToHaveTextAsync("one");
        await ann.JoinAsync($"elsewhere {Unique}");
        await SayInAsync(room, "two", "three");

        history.Begin();
        await EnterShoutedAsync(ann, room);
        await Expect(ann.Page.Locator("#older")).ToContainTextAsync("Earlier messages could not be read.");
        Assert.Equal(["one"], await ann.TextsAsync());
        history.End();

        await Expect(ann.Messages).ToHaveTextAsync(["one", "two", "three"], new() { Timeout = 20_000 });
        Assert.True(history.Refused > 0);
    }

    /// <summary>What was asked for before a wide hole opened does not fit to what is read after it.</summary>
    [Fact]
    public async Task History_ThatWasOnItsWayWhenAWideHoleOpened_LeavesNoHoleOfItsOwn()
    {
        var room = $"late {Unique}";
        await using ChatClient2 writer = await WriteAsync(room, 300);
        HeldHistory history = new();
        var ann = await EnterBehindAsync(history.Serve, $"Ann {Unique}", room);
        await Expect(ann.Messages.Last).ToHaveTextAsync("300");
        history.Hold();
        await Deadline.Within(ScrollUntilAskedAsync(ann, 0, history), "that older messages are read");
        await ann.JoinAsync($"elsewhere {Unique}");
        await PostAsync(writer, 301, 700);
        await EnterShoutedAsync(ann, room);

        history.LetGo();

        await Expect(ann.Messages.Last).ToHaveTextAsync("700");
        await ann.PaintedAsync();
        var texts = (await ann.TextsAsync()).Select(int.Parse).ToArray();
        Assert.Equal(Enumerable.Range(texts[0], texts.Length), texts);
    }

    /// <summary>However long the room, the document holds a few hundred messages, at both ends and on the way.</summary>
    [Fact]
    public async Task Conversation_WhenTenThousandCame_HoldsAFewHundredInTheDocument()
    {
        var room = $"long {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        await using ChatClient2 writer = await WriteAsync(room, Many);
        await Expect(ann.Messages.Last).ToHaveTextAsync($"{Many}", new() { Timeout = 60_000 });
        Assert.InRange(await CountAsync(ann), 50, 300);

        for (var i = 0; i < 10; i++)
        {
            await ann.Page.Locator("#log").EvaluateAsync("log => { log.scrollTop = 0; }");
            await ann.PaintedAsync();
            Assert.InRange(await CountAsync(ann), 50, 300);
        }

        var texts = (await ann.TextsAsync()).Select(int.Parse).ToArray();
        Assert.Equal(Enumerable.Range(texts[0], texts.Length), texts);
        Assert.True(texts[^1] < Many - 100, $"The reader should be further up than {texts[^1]}.");
        await ann.Page.GetByLabel("Jump to the latest message").ClickAsync();
        await Expect(ann.Messages.Last).ToHaveTextAsync($"{Many}");
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Hole_WhenItIsWide_IsSkippedAndReadByWhoScrollsThere()
    {
        SkipWithoutBrowser();
        _ = Line;
        var room = $"hole {Unique}";
        await using ChatClient2 writer = await WriteAsync(room, 10);
        var ann = await EnterAsync($"Ann {Unique}", room);
        await Expect(ann.Messages.Last).ToHaveTextAsync("10");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await PostAsync(writer, 11, 500);

        Line.Restore();
        await ann.ExpectRoomAsync(room, 20_000);
        await Expect(ann.Messages.Last).ToHaveTextAsync("500");
        await ScrollToBeginningAsync(ann);

        var texts = (await ann.TextsAsync()).Select(int.Parse).ToArray();
        Assert.Equal(Enumerable.Range(1, texts.Length), texts);
        await Expect(ann.NewLine).ToContainTextAsync("While you were away");
        Assert.Equal("11", await ann.Page.Locator("#messages .line + .message .bubble").TextContentAsync());
    }

    private async Task<ChatClient2> WriteAsync(string room, int count)
    {
        ChatClient2 writer = await ChatClient2.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, $"Writer {Unique}");
        await writer.JoinAsync(room);
        await PostAsync(writer, 1, count);
        return writer;
    }

    private static async Task PostAsync(ChatClient2 writer, int from, int to)
    {
        for (int i = from; i <= to; i++)
            await writer.Connection.SendRawAsync(new JsonObject { ["event"] = "message", ["id"] = $"m{i}", ["data"] = $"{i}" }.ToJsonString());
        await writer.AnswerAsync($"m{to}");
    }

    /// <summary>By another spelling, which the page does not know for the same room before the server says so.</summary>
    private static async Task EnterShoutedAsync(ChatPage page, string room)
    {
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "New room" }).ClickAsync();
        await page.Page.Locator("#room-dialog input").FillAsync(room.ToUpperInvariant());
        await page.Page.Keyboard.PressAsync("Enter");
        await page.ExpectRoomAsync(room);
    }

    /// <summary>As somebody does who goes on scrolling: until nothing older comes.</summary>
    private static Task<Microsoft.Playwright.IJSHandle> ScrollToBeginningAsync(ChatPage page) => page.Page.WaitForFunctionAsync(
        "() => { document.querySelector('#log').scrollTop = 0; return document.querySelector('#older').dataset.state === 'start'; }");

    private static Task<int> CountAsync(ChatPage page) => page.EvaluateAsync<int>("document.querySelectorAll('#messages .message').length");

    /// <summary>The first message that is seen then, and where it ends.</summary>
    private static async Task<(string Text, int End)> ScrollToAsync(ChatPage page, int top)
    {
        var seen = await page.Page.Locator("#log").EvaluateAsync<string[]>("""
            (log, top) => {
              log.scrollTop = top;
              const edge = log.getBoundingClientRect().top;
              const bubble = [...log.querySelectorAll("#messages .bubble")].find((each) => each.closest(".message").getBoundingClientRect().bottom > edge);
              return [bubble.textContent, `${Math.round(bubble.getBoundingClientRect().bottom)}`];
            }
            """, top);
        return (seen[0], int.Parse(seen[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// As somebody does who goes on turning the wheel: what is drawn in the same frame may still be for a reader at the end, and takes them there. Where the
    /// reader is is looked at before the page hears of it, and given when it has drawn that it reads what is older.
    /// </summary>
    private static async Task<(string Text, int End)> ScrollUntilAskedAsync(ChatPage page, int top, HeldHistory history)
    {
        while (true)
        {
            var seen = await ScrollToAsync(page, top);
            await page.PaintedAsync();
            if (history.Asked.IsCompleted)
                return seen;
        }
    }

    private static Task<int> EndOfAsync(ChatPage page, string text) =>
        page.Messages.GetByText(text, new() { Exact = true }).EvaluateAsync<int>("item => Math.round(item.getBoundingClientRect().bottom)");

    /// <summary>Brings what was read in the log when a test says so, not before the page has drawn that it is being read.</summary>
    private sealed class HeldHistory
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _holds;

        public Task Asked => _asked.Task;

        public void Hold() => _holds = true;

        public void LetGo() => _letGo.SetResult();

        public void Serve(IWebSocketRoute socket)
        {
            var server = socket.ConnectToServer();
            server.OnMessage(frame =>
            {
                if (!_holds || (string?)JsonNode.Parse(frame.Text!)!["event"] != "history")
                {
                    socket.Send(frame.Text!);
                    return;
                }

                _asked.TrySetResult();
                _ = _letGo.Task.ContinueWith(_ => socket.Send(frame.Text!), TaskScheduler.Default);
            });
        }
    }
}
