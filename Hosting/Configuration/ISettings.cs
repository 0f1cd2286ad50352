namespace ChitChatz.Hosting.Configuration;

/// <summary>One section of the configuration. Checked at start; every failure is listed, each naming its setting.</summary>
public interface ISettings
{
    /// <summary>The section's name, such as <c>Limits</c>.</summary>
    static abstract string Section { get; }

    /// <summary>What is wrong with the values: one sentence each, starting with the setting's full name (<c>Limits:MessageBytes must …</c>).</summary>
    IEnumerable<string> Failures();
}
