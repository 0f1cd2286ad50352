using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ChitChatz.Gateway.Hosting;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Silo;

namespace ChitChatz.Tests.Docs;

/// <summary>Holds the README's table of settings and the options classes together: names, defaults and ranges.</summary>
public sealed partial class ReadmeTests
{
    private static readonly Dictionary<string, string[]> Rows =
        Document.Read("README.md").Table("Configuration")
            .Where(static row => Document.Code(row[0]).Contains(':', StringComparison.Ordinal))
            .ToDictionary(static row => Document.Code(row[0]), StringComparer.Ordinal);

    private static readonly Setting[] Settings =
        [.. new[] { typeof(ISettings).Assembly, typeof(GatewayHosting).Assembly, typeof(SiloHosting).Assembly }
            .SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISettings)))
            .SelectMany(static type => Of((ISettings)Activator.CreateInstance(type)!))];

    [Fact]
    public void Settings_WhenDocumented_AreThoseThatExist() =>
        Assert.Equal(Settings.Select(static setting => setting.Name).Order(StringComparer.Ordinal), Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Defaults_WhenDocumented_AreThoseOfTheCode() =>
        Assert.All(Settings, static setting => Assert.Equal((setting.Name, Shown(setting.Value)), (setting.Name, Document.Code(Rows[setting.Name][1]))));

    [Fact]
    public void Ranges_WhenDocumentedInNumbers_EndWhereTheCodeRefuses()
    {
        var checkedRanges = 0;
        foreach (var setting in Settings.Where(static setting => setting.Value is int))
        {
            if (Range().Match(Rows[setting.Name][2]) is not { Success: true } range)
                continue;

            var (least, most) = (int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture));
            Assert.True(setting.IsRefused(least - 1), $"{setting.Name} takes {least - 1}, which the README excludes.");
            Assert.True(setting.IsRefused(most + 1), $"{setting.Name} takes {most + 1}, which the README excludes.");
            Assert.True(range.Groups[3].Success || !setting.IsRefused(least), $"{setting.Name} refuses {least}, which the README allows.");
            Assert.True(range.Groups[3].Success || !setting.IsRefused(most), $"{setting.Name} refuses {most}, which the README allows.");
            checkedRanges++;
        }

        Assert.True(checkedRanges > 20, $"Only {checkedRanges} ranges were found.");
    }

    private static IEnumerable<Setting> Of(ISettings settings)
    {
        var section = (string)settings.GetType().GetProperty("Section", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(settings);
            if (property.SetMethod is not null)
                yield return new Setting($"{section}:{property.Name}", value, settings, property);
            else if (value is not null && value.GetType().Namespace == typeof(ISettings).Namespace)
                foreach (var inner in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                    yield return new Setting($"{section}:{property.Name}:{inner.Name}", inner.GetValue(value), settings, inner);
        }
    }

    private static string Shown(object? value) => value switch
    {
        null or Array { Length: 0 } => "(none)",
        bool truth => truth ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture) is var text && text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0') : text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // "0 (off) to 100"; with more behind it, another setting narrows the range.
    [GeneratedRegex(@"^(\d+)(?: \(off\))? to (\d+)(,)?")]
    private static partial Regex Range();

    private sealed record Setting(string Name, object? Value, ISettings Owner, PropertyInfo Property)
    {
        public bool IsRefused(int value)
        {
            Property.SetValue(Owner, value);
            var refused = Owner.Failures().Any(failure => failure.StartsWith(Name + " must", StringComparison.Ordinal));
            Property.SetValue(Owner, Value);
            return refused;
        }
    }
}
