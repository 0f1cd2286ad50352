using ChitChatz.Client.Connections;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client;

/// <summary>Messages on their way in: pushed, or read from the log where they were not.</summary>
public sealed partial class ChatRoom
{
    /// <summary>After so many reads of the log without anything new, what is missing is taken for gone.</summary>
    private const int MaxEmptyReads = 5;

    private bool _readingLog;
    private int _emptyReads;

    internal void OnMessage(ChatMessage message)
    {
        lock (_client.Gate)
        {
            if (_cursor.Pushed(message))
                _client.Instruments.Received(1, fromLog: false);
            else
                ReadLog();
        }
    }

    internal void OnGap(long to)
    {
        lock (_client.Gate)
        {
            _cursor.Skipped(to);
            ReadLog();
        }
    }

    private void OnMessageTaken()
    {
        if (_buffer.Free < WireLimits.MaxHistory)
            return;
        lock (_client.Gate)
            ReadLog();
    }

    /// <summary>Asks for the next page where the client is behind, unless it is asked for already, has no room, or has to wait.</summary>
    private void ReadLog()
    {
        lock (_client.Gate)
        {
            if (!_cursor.IsBehind || _readingLog || _readPause.IsRunning || _buffer.Free < WireLimits.MaxHistory || _connection is not { } connection)
                return;
            _readingLog = true;
            var id = connection.NewId();
            connection.Ask(id, Requests.GetHistory(id, Name, before: null, _cursor.Position, WireLimits.MaxHistory), answer => OnLog(connection, answer));
        }
    }

    private void OnLog(Connection connection, ServerFrame? answer)
    {
        lock (_client.Gate)
        {
            if (_connection != connection)
                return;
            _readingLog = false;
            if (answer is not { } frame)
                return;
            if (frame.Event == EventNames.Error)
            {
                OnLogRefused(connection, frame.ReadError());
                return;
            }

            var taken = _cursor.Read(frame.ReadHistory());
            _client.Instruments.Received(taken, fromLog: true);
            _client.Log.ReadFromLog(Name, taken);
            if (taken > 0 || !_cursor.IsBehind || _buffer.Free == 0)
            {
                _emptyReads = 0;
                _readBackoff.Reset();
            }
            else if (++_emptyReads >= MaxEmptyReads)
            {
                _emptyReads = 0;
                _cursor.GiveUpMissing();
            }
            else
            {
                _readPause.Start(_readBackoff.Next());
            }

            ReadLog();
        }
    }

    private void OnLogRefused(Connection connection, ChatException refusal)
    {
        if (refusal.MayRetry)
            _readPause.Start(_readBackoff.Next(refusal.RetryAfter));
        else
            connection.AbortOutOfStep(refusal);
    }
}
