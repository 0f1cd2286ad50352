namespace ChitChatz.Benchmarks.Wires;

/// <summary>What a wire tells the one whose conversation it carries on.</summary>
internal interface IMember
{
    /// <summary>The name to be known by.</summary>
    string Name { get; }

    /// <summary>The room to enter.</summary>
    string Room { get; }

    /// <summary>The server said that it is in the room.</summary>
    void OnJoined();

    /// <summary>The server said that it is in no room.</summary>
    void OnLeft();

    /// <summary>A message came.</summary>
    /// <param name="text">From where its text begins, to the end of what the server sent.</param>
    /// <param name="now">When it was read; a Stopwatch timestamp.</param>
    void OnMessage(ReadOnlySpan<byte> text, long now);

    /// <summary>A page of the room's log came, as the server wrote it.</summary>
    void OnHistory(ReadOnlySpan<byte> page, long now);

    /// <summary>The server said no, or something that is not understood.</summary>
    void OnRefused(string what);
}
