using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>A connection that keeps what it is sent.</summary>
internal sealed class FakeConnection(long number) : IRoomConnection
{
    private readonly Lock _gate = new();
    private readonly List<string> _frames = [];
    private readonly List<(DraftOutcome Outcome, long Seq)> _outcomes = [];
    private readonly List<(Func<bool> Reached, TaskCompletionSource Done)> _waiters = [];

    public long Number => number;

    public string Sub { get; } = $"sub-{number}";

    public bool WantsToken { get; set; }

    public bool IsVersion2 { get; set; }

    /// <summary>How many frames the client reads; what comes above waits.</summary>
    public int ReadsAtMost { get; set; } = int.MaxValue;

    public bool IsDrained => Frames.Length < ReadsAtMost;

    /// <summary>The texts of the messages so far, "joined" for the answer to the join, "gap a-b" for a gap.</summary>
    public string[] Frames
    {
        get
        {
            lock (_gate)
            {
                return [.. _frames];
            }
        }
    }

    public (DraftOutcome Outcome, long Seq)[] Outcomes
    {
        get
        {
            lock (_gate)
            {
                return [.. _outcomes];
            }
        }
    }

    public void Send(OutboundFrame frame)
    {
        int header = (frame.Bytes[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        JsonNode json = JsonNode.Parse(frame.Bytes.AsSpan(header))!;
        JsonNode? data = json["data"];
        string text = (string?)json["event"] switch
        {
            "message" => (string)data!["content"]!,
            "gap" => $"gap {data!["from"]}-{data["to"]}",
            _ when IsVersion2 => $"joined {data!["epoch"]}:{data["head"]} {((bool)data["recovered"]! ? "recovered" : "not recovered")}",
            _ => "joined",
        };
        Note(() => _frames.Add(text));
    }

    public bool TrySend(OutboundFrame frame)
    {
        bool fits = IsDrained;
        if (fits)
        {
            Send(frame);
        }

        return fits;
    }

    public bool IsSender(string sub) => sub == Sub;

    public bool IsNamed(string? name) => name == $"user {number}";

    public string IssueToken(string? room) => $"token for {room}";

    public string? IssueJoinToken(string roomName) => IssueToken(roomName);

    public OutboundFrame[] AnswerJoin(in JoinAnswer answer)
        => [OutboundFrame.Text(answer, static (output, answer) => FrameWriter.Register(
            output, answer.Room, answer.Epoch, answer.Head, answer.Recovered, answer.Token!, id: null))];

    public Member AsMember() => new(number, Sub, $"user {number}", IsVersion2);

    public void OnDraftDone(Draft draft, in DraftResult result)
    {
        (DraftOutcome, long) outcome = (result.Outcome, result.Seq);
        Note(() => _outcomes.Add(outcome));
    }

    public Draft Draft(string text) => new(number, Sub, $"user {number}", Guid.NewGuid().ToString("N"), Encoding.UTF8.GetBytes(text));

    /// <summary>Ends when something about this connection is as wanted.</summary>
    public Task When(Func<bool> reached)
    {
        lock (_gate)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (reached())
            {
                done.SetResult();
            }
            else
            {
                _waiters.Add((reached, done));
            }

            return done.Task;
        }
    }

    private void Note(Action change)
    {
        lock (_gate)
        {
            change();
            _waiters.RemoveAll(static waiter => waiter.Reached() && waiter.Done.TrySetResult());
        }
    }
}
