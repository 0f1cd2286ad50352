using System.Data.Common;
using Npgsql;

namespace ChitChatz.Hosting.Configuration;

/// <summary>What can be said of a connection string before it is used.</summary>
public static class PostgresConnectionString
{
    /// <summary>What is wrong with it, for people; null when it can be used. Repeats no value: one of them may be a password.</summary>
    public static string? Check(string connectionString)
    {
        NpgsqlConnectionStringBuilder known = [];
        var generic = new DbConnectionStringBuilder();
        try
        {
            generic.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return "it is not of the form 'Host=db;Database=chitchatz;...'. A value with ; or = in it needs quotes: Password='a;b'.";
        }

        foreach (string key in generic.Keys)
        {
            // What follows an unquoted ; in a password looks like a key, so an unknown one is not repeated either.
            if (!known.ContainsKey(key))
                return "it has a key that Npgsql does not know. Is one misspelled, or does a value with ; in it lack its quotes (Password='a;b')?";
            try
            {
                known[key] = generic[key];
            }
            catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
            {
                return $"the value of '{key}' is not one that it can have.";
            }
        }

        if (string.IsNullOrEmpty(known.Host))
            return "it names no Host.";
        if (known.Multiplexing)
            return "Multiplexing is not for us: a commit needs its connection for itself.";
        try
        {
            using var source = new NpgsqlSlimDataSourceBuilder(connectionString).EnableTransportSecurity().Build();
            return null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Npgsql's own sentences about settings that exclude each other; they name keys, not values.
            return error.Message;
        }
    }
}
