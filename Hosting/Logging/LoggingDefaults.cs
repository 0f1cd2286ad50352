using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Logging;

/// <summary>What is logged unless the configuration's <c>Logging</c> section says otherwise: our own Information, the frameworks' Warnings.</summary>
public static class LoggingDefaults
{
    /// <summary>Raises the least level of a noisy category, unless the configuration names that very category.</summary>
    public static void AddDefaultLevel(this ILoggingBuilder logging, string category, LogLevel level) =>
        logging.InsertFirst(options => options.Rules.Add(new LoggerFilterRule(null, category, level, null)));

    internal static void AddChitChatzLogging(this ILoggingBuilder logging)
    {
        logging.InsertFirst(options => options.MinLevel = LogLevel.Information);
        logging.AddDefaultLevel("Microsoft", LogLevel.Warning);
        logging.AddDefaultLevel("System", LogLevel.Warning);
        logging.AddDefaultLevel("Orleans", LogLevel.Warning);
        // Orleans places grains through it; each attempt is an Information, each retry a Warning with its stack trace.
        logging.AddDefaultLevel("Polly", LogLevel.Error);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.FormatterName ??= LineFormatter.FormatterName);
    }

    // The rules of the configuration are added later, and the last of two equals counts.
    private static void InsertFirst(this ILoggingBuilder logging, Action<LoggerFilterOptions> configure) =>
        logging.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<LoggerFilterOptions>>(new ConfigureOptions<LoggerFilterOptions>(configure)));
}
