using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Clients;

/// <summary>
/// A person with one room, as a good client behaves: comes back after each cut, from the last message it has and as the same person, and
/// repeats each message under its id until it is acknowledged or refused for good. One thing at a time.
/// </summary>
/// <param name="name">The person's name.</param>
/// <param name="room">The room.</param>
/// <param name="servers">Where to connect; asked anew for each connection.</param>
/// <param name="history">Where everything is written down.</param>
public sealed class RecordingUser(string name, string room, Func<Uri> servers, History history) : IAsyncDisposable
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(15);

    private RecordingConnection? _connection;
    private string? _jwt;
    private (long Epoch, long Seq)? _last;
    private int _lastId;

    /// <summary>The connection; null before the first.</summary>
    public RecordingConnection? Connection => _connection;

    /// <summary>How many connections it took.</summary>
    public int Connections { get; private set; }

    /// <summary>Messages of which the ack was lost and the repeat was told that they were stored before.</summary>
    public int Ambiguous { get; private set; }

    /// <summary>Joins that brought everything that was missed, and those that said that they do not.</summary>
    public (int Recovered, int Not) Resumes { get; private set; }

    /// <summary>Comes in, or back in, and waits until that is so.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (var pause = 1; _connection is not { IsOpen: true, Position.Room: not null }; pause = Math.Min(500, pause * 2))
        {
            if (!await TryConnectAsync(cancellationToken))
                await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Says something, however often that has to be tried. Returns whether it is stored.</summary>
    public async Task<bool> SendAsync(string text, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{name}.{++_lastId}");
        HistoryEvent? send = null;
        while (true)
        {
            await ConnectAsync(cancellationToken);
            var connection = _connection!;
            send = new HistoryEvent(EventKind.Send, history.Now)
            {
                Connection = connection.Number,
                User = Token.SubOf(connection.Jwt!),
                Room = room,
                Id = id,
                Hash = RecordingConnection.HashOf(text),
            };
            history.Add(send);
            var answer = await AskAsync(connection, new JsonObject { ["event"] = EventNames.Message, ["id"] = id, ["data"] = text }, cancellationToken);
            var known = send with { At = history.Now, Hash = null };
            if ((string?)answer?["event"] == EventNames.Ack)
            {
                var data = answer!["data"]!;
                Ambiguous += data["duplicate"] is null ? 0 : 1;
                history.Add(known with { Kind = EventKind.Ok, Epoch = (long)data["epoch"]!, Seq = (long)data["seq"]! });
                return true;
            }

            if (answer is not null && !(bool)answer["retry"]!)
            {
                history.Add(known with { Kind = EventKind.Fail, Code = (string)answer["code"]! });
                return false;
            }

            history.Add(known with { Kind = EventKind.Info });
            if (answer is not null)
                await Task.Delay((int?)answer["retry_after_ms"] ?? 100, cancellationToken);
        }
    }

    /// <summary>Cuts the connection; the next thing to do makes another one.</summary>
    public Task CutAsync() => _connection?.CutAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        await LeaveOldAsync();
        try
        {
            Connections++;
            _connection = await RecordingConnection.OpenAsync(servers(), history, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or SocketException or IOException)
        {
            return false;
        }

        if (_jwt is null)
        {
            JsonObject register = new() { ["event"] = EventNames.Register, ["v"] = 2, ["id"] = "register", ["name"] = name };
            await AskAsync(_connection, register, cancellationToken);
            _jwt = _connection.Jwt;
            if (_jwt is null)
                return false;
        }

        JsonObject join = new() { ["event"] = EventNames.JoinRoom, ["v"] = 2, ["id"] = "join", ["jwt"] = _jwt, ["room"] = room };
        if (_last is { } last)
            join["after"] = new JsonObject { ["epoch"] = last.Epoch, ["seq"] = last.Seq };
        var answer = await AskAsync(_connection, join, cancellationToken);
        if ((string?)answer?["event"] != EventNames.Register)
            return false;

        if (_last is not null)
            Resumes = (bool)answer!["data"]!["recovered"]! ? (Resumes.Recovered + 1, Resumes.Not) : (Resumes.Recovered, Resumes.Not + 1);
        return true;
    }

    private async Task LeaveOldAsync()
    {
        if (_connection is not { } old)
            return;

        await old.DisposeAsync();
        _connection = null;
        _jwt = old.Jwt ?? _jwt;
        if (old.Position.Room is not null)
            _last = (old.Position.Epoch, old.Position.Seq);
    }

    private static async Task<JsonObject?> AskAsync(RecordingConnection connection, JsonObject request, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.AskAsync(request, cancellationToken).WaitAsync(s_answer, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A line that swallows everything: as good as cut.
            await connection.CutAsync();
            return null;
        }
    }
}
