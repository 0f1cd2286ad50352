namespace ChitChatz.Chaos.Cluster;

/// <summary>A part of the cluster that can be killed and started again.</summary>
public interface IPart
{
    /// <summary>Its name in plans and reports.</summary>
    string Name { get; }

    /// <summary>SIGKILL; ends when it is gone.</summary>
    Task KillAsync();

    /// <summary>Starts it again, and sees to it that it runs.</summary>
    Task StartAsync();

    /// <summary>Ends when it can do its work.</summary>
    Task WhenReadyAsync(CancellationToken cancellationToken);
}
