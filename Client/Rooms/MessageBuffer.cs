using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ChitChatz.Client.Rooms;

/// <summary>Messages on their way to the reader. When it is full, what comes is left in the room's log.</summary>
internal sealed class MessageBuffer(int capacity)
{
    private readonly Channel<ChatMessage> _messages = Channel.CreateBounded<ChatMessage>(capacity);
    private int _reading;

    /// <summary>How many more it takes.</summary>
    public int Free => capacity - _messages.Reader.Count;

    /// <summary>Adds a message; false when it is full or complete.</summary>
    public bool TryAdd(ChatMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Takes the next message, if one waits.</summary>
    public bool TryTake([NotNullWhen(true)] out ChatMessage? message) => _messages.Reader.TryRead(out message);

    /// <summary>No more come. The reader gets those that wait, and then the exception.</summary>
    public void Complete(Exception? exception) => _messages.Writer.TryComplete(exception);

    /// <summary>Reads, one reader at a time.</summary>
    /// <param name="onTaken">Called after each message was taken out.</param>
    /// <param name="cancellationToken">Ends the reading; what was not read stays.</param>
    public async IAsyncEnumerable<ChatMessage> ReadAllAsync(Action onTaken, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
            throw new InvalidOperationException("Somebody reads this room's messages already. Share what one reader gets, or read with two clients.");
        try
        {
            while (await _messages.Reader.WaitToReadAsync(cancellationToken))
            {
                while (TryTake(out var message))
                {
                    onTaken();
                    yield return message;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
