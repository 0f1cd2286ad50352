using System.Security.Cryptography;
using ChitChatz.Client.Wire;

namespace ChitChatz.Client.Connections;

/// <summary>Requests and their answers.</summary>
internal sealed partial class Connection
{
    private readonly Lock _requestsGate = new();
    private readonly Dictionary<string, Queue<Request>> _requests = [];
    private readonly Queue<(Request Request, long Deadline)> _deadlines = [];

    // Ids of messages are the application's own, and must not meet these.
    private readonly string _ownIds = $"~{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}-";
    private readonly ITimer _overdue;
    private long _lastId;
    private bool _over;

    /// <summary>An id that no other request of this connection has.</summary>
    public string NewId() => $"{_ownIds}{Interlocked.Increment(ref _lastId)}";

    /// <summary>Sends a request. Those with one id are answered in their order: a message that was given up may be on its way still.</summary>
    /// <param name="id">The id in its frame.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="onAnswer">Gets the answer, before the next frame is read; or null when there will be none.</param>
    public void Ask(string id, byte[] frame, Action<ServerFrame?> onAnswer)
    {
        bool over;
        lock (_requestsGate)
        {
            over = _over;
            if (!over)
            {
                Request request = new(onAnswer);
                if (!_requests.TryGetValue(id, out var sameId))
                    _requests[id] = sameId = new Queue<Request>(1);
                sameId.Enqueue(request);
                _deadlines.Enqueue((request, Now + Ticks(_answerTimeout)));
                if (_deadlines.Count == 1)
                    _overdue.Change(_answerTimeout, Timeout.InfiniteTimeSpan);
            }
        }

        if (over)
            onAnswer(null);
        else if (!_outbound.Writer.TryWrite(frame))
            Abort(new ChatException(ChatFailure.Closed, $"{Server} takes nothing any more.") { MayRetry = true });
    }

    /// <summary>Sends a request and gives what was made of its answer on the receive loop, before the next frame was read.</summary>
    /// <exception cref="ChatException">The server refused it, or (<see cref="ChatFailure.Closed"/>) the connection ended before there was an answer.</exception>
    public Task<T> AskAsync<T>(string id, byte[] frame, Func<ServerFrame, T> read)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Ask(id, frame, received =>
        {
            if (received is not { } got)
                answer.TrySetException(new ChatException(ChatFailure.Closed, $"The connection to {Server} ended before the answer came.") { MayRetry = true });
            else
                Settle(answer, got, read);
        });
        return answer.Task;
    }

    private static void Settle<T>(TaskCompletionSource<T> answer, ServerFrame frame, Func<ServerFrame, T> read)
    {
        try
        {
            if (frame.Event == Protocol.EventNames.Error)
                answer.TrySetException(frame.ReadError());
            else
                answer.TrySetResult(read(frame));
        }
        catch (InvalidDataException exception)
        {
            answer.TrySetException(new ChatException(ChatFailure.Closed, exception.Message, exception) { MayRetry = true });
            throw;
        }
    }

    private bool TryTakeRequest(string id, out Action<ServerFrame?> onAnswer)
    {
        lock (_requestsGate)
        {
            if (!_requests.TryGetValue(id, out var sameId))
            {
                onAnswer = static _ => { };
                return false;
            }

            var request = sameId.Dequeue();
            if (sameId.Count == 0)
                _requests.Remove(id);
            onAnswer = request.Answer();
            ForgetAnswered();
            return true;
        }
    }

    private void GiveUpRequests()
    {
        Request[] left;
        lock (_requestsGate)
        {
            _over = true;
            left = [.. _requests.Values.SelectMany(static sameId => sameId)];
            _requests.Clear();
        }

        foreach (var request in left)
            request.Answer()(null);
    }

    private void ForgetAnswered()
    {
        while (_deadlines.TryPeek(out var first) && first.Request.IsAnswered)
            _deadlines.Dequeue();
    }

    /// <summary>Deadlines are in the order of asking, so the first whose request is not answered is the next to be missed.</summary>
    private void CutIfOverdue()
    {
        lock (_requestsGate)
        {
            ForgetAnswered();
            if (!_deadlines.TryPeek(out var next))
                return;
            if (next.Deadline > Now)
            {
                _overdue.Change(_time.GetElapsedTime(Now, next.Deadline), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Abort(new ChatException(ChatFailure.Closed, $"{Server} did not answer within {_answerTimeout.TotalSeconds} s.") { MayRetry = true });
    }

    private long Now => _time.GetTimestamp();

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Once it is answered only its shell waits for its deadline, and not its frame.</summary>
    private sealed class Request(Action<ServerFrame?> onAnswer)
    {
        private Action<ServerFrame?>? _onAnswer = onAnswer;

        public bool IsAnswered => _onAnswer is null;

        public Action<ServerFrame?> Answer()
        {
            var onAnswer = _onAnswer!;
            _onAnswer = null;
            return onAnswer;
        }
    }
}
