using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Tests.Client;

/// <summary>Keeps every record of every level: its text, the values behind it, the exception and the scopes.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>What was logged so far, in order.</summary>
    public IReadOnlyCollection<Entry> Entries => [.. _entries];

    public ILogger CreateLogger(string categoryName) => new Category(_entries, categoryName);

    public void Dispose()
    {
    }

    /// <param name="Category">The logger's category.</param>
    /// <param name="Level">The level.</param>
    /// <param name="Event">The event's name.</param>
    /// <param name="Everything">All that anybody could read of it.</param>
    internal sealed record Entry(string Category, LogLevel Level, string Event, string Everything);

    private sealed class Category(ConcurrentQueue<Entry> entries, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            entries.Enqueue(new Entry(name, LogLevel.None, "scope", Describe(state)));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(name, logLevel, eventId.Name ?? "", $"{formatter(state, exception)} {Describe(state)} {exception}"));

        private static string Describe(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(static pair => $"{pair.Key}={pair.Value}")) : $"{state}";
    }
}
