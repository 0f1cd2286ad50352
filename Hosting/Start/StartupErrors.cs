using System.Net.Sockets;
using ChitChatz.Hosting.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace ChitChatz.Hosting.Start;

/// <summary>Says in plain lines why a process could not start.</summary>
public static class StartupErrors
{
    /// <summary>The lines to show, or none when the reason is not one that we know: a bug then, which is shown whole.</summary>
    public static IReadOnlyList<string> Describe(Exception exception)
    {
        var lines = new List<string>();
        foreach (var cause in Flatten(exception))
        {
            switch (cause)
            {
                case OptionsValidationException invalid:
                    lines.AddRange(invalid.Failures);
                    break;
                case StartupException:
                    lines.Add(cause.Message);
                    break;
                case IOException when Find<AddressInUseException>(cause) is not null:
                    lines.Add(Taken(Address(cause)));
                    break;
                case IOException when Find<SocketException>(cause) is { } socket && cause.Message.StartsWith("Failed to bind", StringComparison.Ordinal):
                    lines.Add($"Cannot listen on {Address(cause)}: {socket.Message}. Choose another address with --urls.");
                    break;
                case SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } socket:
                    // Kestrel passes these on bare.
                    lines.Add($"Cannot listen on the address of --urls: {socket.Message}. Choose another, for example --urls http://localhost:3001.");
                    break;
                case AddressInUseException:
                    lines.Add("Cannot listen on Silo:Port or Silo:GatewayPort, because something listens there already. Choose other ports.");
                    break;
                case InvalidDataException or OrleansConfigurationException:
                    lines.Add(cause.InnerException is FormatException inner ? $"{cause.Message} {inner.Message}" : cause.Message);
                    break;
                case FormatException when cause.Source?.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) == true:
                    lines.Add($"The command line cannot be read: {cause.Message}");
                    break;
                // Our own parts turn what their database says into a StartupException; Orleans, which asks the cluster's, does not.
                case var _ when ClusterConnection.Failure(cause) is { } failure:
                    lines.Add($"The cluster's database (Cluster:ConnectionString) failed while this process started: {failure}.");
                    break;
                default:
                    return [];
            }
        }

        return lines;
    }

    /// <summary>That somebody listens where the gateway should.</summary>
    public static string Taken(string address) =>
        $"Cannot listen on {address}, because something listens there already. Choose another address, for example --urls http://localhost:3001.";

    // Kestrel: "Failed to bind to address http://127.0.0.1:3000: address already in use."
    private static string Address(Exception cause)
    {
        var message = cause.Message;
        var start = message.IndexOf("http", StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf(": ", start, StringComparison.Ordinal);
        return end < 0 ? "the address of --urls" : message[start..end];
    }

    private static IEnumerable<Exception> Flatten(Exception exception) => exception switch
    {
        AggregateException aggregate => aggregate.Flatten().InnerExceptions.SelectMany(Flatten),
        // What a constructor or the silo's life cycle wraps on the way up.
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Flatten(inner),
        OrleansLifecycleCanceledException { InnerException: { } inner } => Flatten(inner),
        _ => [exception],
    };

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is T found)
                return found;
        return null;
    }
}
