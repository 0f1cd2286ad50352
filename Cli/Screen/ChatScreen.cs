using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console;

namespace ChitChatz.Cli.Screen;

/// <summary>
/// The conversation on the whole screen, from before there is a connection: what is typed meanwhile stands on the line, and what is entered
/// is sent when the room is. Ends at Ctrl-C, at Ctrl-D on an empty line, at <c>/quit</c>, and with the room.
/// </summary>
internal sealed class ChatScreen
{
    /// <summary>The line that leaves.</summary>
    public const string Quit = "/quit";

    private const string EnterAlternate = "\e[?1049h\e[?25l";
    private const string LeaveAlternate = "\e[?25h\e[?1049l";
    private const int Recent = 50;

    // What was entered last is not given up at once.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly IAnsiConsole _console;
    private readonly ChatClient _client;
    private readonly string _asked;
    private readonly TaskCompletionSource<ChatRoom> _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Transcript _transcript = new();
    private readonly InputLine _input = new();
    // What is shown is read when it is drawn: one reason to draw stands for all.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Task> _sends = [];
    private volatile bool _isLeaving;
    private int _givenUp;
    // Null while it is not entered.
    private ChatRoom? _room;
    private int _people = -1;
    // Lines of the transcript above the screen's bottom, while it was turned back with the page keys; else negative.
    private int _bottom = -1;

    public ChatScreen(IAnsiConsole console, ChatClient client, string room) => (_console, _client, _asked) = (console, client, room);

    /// <summary>How many texts of those that were entered were not sent when the screen went, or may not have been.</summary>
    public int GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>Runs until it is over, and a moment longer for what was entered last.</summary>
    /// <exception cref="ChatException">The room could not be entered, or the server ended it or the client for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _client.StateChanged += OnState;
        using var resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource givingUp = new();
        _console.Profile.Out.Writer.Write(EnterAlternate);
        try
        {
            var drawing = DrawAsync(over.Token);
            var talking = TalkAsync(over.Token);
            var ended = await Task.WhenAny(talking, TypeAsync(givingUp.Token, over.Token), drawing);
            _isLeaving = true;
            // Without a room there is nothing that they could still become.
            if (_entered.Task.IsCompleted)
                await Task.WhenAll(Sends()).WaitAsync(s_farewell, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await givingUp.CancelAsync();
            await Task.WhenAll(Sends());
            await over.CancelAsync();
            await Task.WhenAll(drawing, talking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ended;
        }
        finally
        {
            _client.StateChanged -= OnState;
            _console.Profile.Out.Writer.Write(LeaveAlternate);
            _console.Profile.Out.Writer.Flush();
        }
    }

    private async Task DrawAsync(CancellationToken cancellationToken) =>
        await _console.Live(View()).AutoClear(false).StartAsync(async live =>
        {
            do
            {
                live.UpdateTarget(View());
                live.Refresh();
            }
            while (await _changes.Reader.ReadAsync(cancellationToken));
        });

    private ChatView View()
    {
        var (text, caret) = _input.Content;
        var bottom = Volatile.Read(ref _bottom);
        var height = _console.Profile.Height;
        return new ChatView(bottom < 0 ? _transcript.Lines : _transcript.LinesUpTo(bottom, atLeast: height), Status(), TerminalText.OneLine(text), caret, height);
    }

    private string Status()
    {
        if (Volatile.Read(ref _room) is not { } room)
            return $" {TerminalText.OneLine(_asked)}: connecting as {TerminalText.OneLine(_client.Name)}… Ctrl-C leaves. ";
        var count = Volatile.Read(ref _people);
        var people = count >= 0 ? string.Create(CultureInfo.InvariantCulture, $", {count} here") : "";
        var state = _client.State == ChatState.Connected ? "" : " (not connected, trying again)";
        var keys = Volatile.Read(ref _bottom) < 0 ? "Ctrl-C leaves" : "Page Down: what is new";
        return $" {TerminalText.OneLine(room.Name)}{people}: you are {TerminalText.OneLine(_client.Name)}{state}. {keys}. ";
    }

    /// <summary>Enters the room, and shows what was said there and what is.</summary>
    private async Task TalkAsync(CancellationToken cancellationToken)
    {
        var room = await _client.JoinAsync(_asked, cancellationToken: cancellationToken);
        foreach (var message in await RecentMessages.ReadAsync(room, Recent, cancellationToken))
            _transcript.Add(message, IsOwn(message));
        room.PresenceChanged += OnPresence;
        Volatile.Write(ref _people, (await room.GetMembersAsync(cancellationToken)).Count);
        Volatile.Write(ref _room, room);
        _entered.SetResult(room);
        Changed();
        await foreach (var message in room.ReadMessagesAsync(cancellationToken))
        {
            _transcript.Add(message, IsOwn(message));
            Changed();
        }
    }

    private async Task TypeAsync(CancellationToken givingUp, CancellationToken cancellationToken)
    {
        while (await _console.Input.ReadKeyAsync(intercept: true, cancellationToken) is { } key)
        {
            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && _input.Content.Text.Length == 0)
                return;
            if (key.Key is ConsoleKey.PageUp or ConsoleKey.PageDown)
                Turn(back: key.Key == ConsoleKey.PageUp);
            var line = _input.Press(key);
            if (line == Quit)
                return;
            if (!string.IsNullOrWhiteSpace(line))
            {
                Volatile.Write(ref _bottom, -1);
                Add(SendAsync(line, givingUp));
            }

            Changed();
        }
    }

    private Task[] Sends()
    {
        lock (_sends)
            return [.. _sends];
    }

    private void Add(Task send)
    {
        lock (_sends)
        {
            _sends.RemoveAll(static done => done.IsCompleted);
            _sends.Add(send);
        }
    }

    /// <summary>Turns half a page.</summary>
    private void Turn(bool back)
    {
        var (count, step) = (_transcript.Count, Math.Max(1, _console.Profile.Height / 2));
        // What was at the bottom may be forgotten by now: it is turned from what is shown.
        var first = Math.Min(count, _transcript.Forgotten + _console.Profile.Height);
        var bottom = _bottom < 0 ? count : Math.Max(_bottom, first);
        bottom = back ? Math.Max(first, bottom - step) : bottom + step;
        Volatile.Write(ref _bottom, bottom < count ? bottom : -1);
    }

    /// <summary>Shows the text as on its way until there is a receipt; the message itself comes like everybody's. Never fails.</summary>
    private async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        var done = _transcript.AddPending(text);
        try
        {
            var room = await _entered.Task.WaitAsync(cancellationToken);
            await room.SendAsync(text, cancellationToken: cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _givenUp);
        }
        catch (Exception failure) when (failure is ChatException or ArgumentException)
        {
            _transcript.AddFailure($"{text}: {Notices.Words(failure)}");
            // Nobody sees that any more.
            if (_isLeaving)
                Interlocked.Increment(ref _givenUp);
        }

        done();
        Changed();
    }

    private bool IsOwn(ChatMessage message) => message.User == _client.User;

    private void OnPresence(object? sender, ChatPresence presence)
    {
        if (presence.Kind == ChatPresenceKind.Typing)
            return;
        if (presence.Count is { } count)
            Volatile.Write(ref _people, count);
        if (presence.Name is not null)
            _transcript.AddPresence(presence.Name, came: presence.Kind == ChatPresenceKind.Joined);
        Changed();
    }

    private void OnState(object? sender, ChatStateChange change) => Changed();

    private void Changed() => _changes.Writer.TryWrite(true);
}
