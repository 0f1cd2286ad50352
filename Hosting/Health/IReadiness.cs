namespace ChitChatz.Hosting.Health;

/// <summary>One thing that a process needs to do its work. A process is ready when none of its own says that something is missing.</summary>
public interface IReadiness
{
    /// <summary>What is missing, for people, without secrets; null when nothing is. Answers at once, from what is known.</summary>
    string? Problem { get; }

    /// <summary>What is wrong and keeps this process from nothing, likewise.</summary>
    string? Warning => null;
}
