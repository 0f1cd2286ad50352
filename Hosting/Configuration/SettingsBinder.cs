using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Configuration;

/// <summary>
/// Puts a section's values into its options class and checks them, one setting at a time, so that all values that do not fit, all names
/// that mean nothing and all values out of range are reported at once, and not the first of them only.
/// </summary>
internal sealed class SettingsBinder<T>(IConfiguration configuration) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class, ISettings, new()
{
    // What does not fit stays as it was; the check tells of it.
    public void Configure(T options) => Bind(options);

    public ValidateOptionsResult Validate(string? name, T options)
    {
        string[] failures = [.. Bind(new T()), .. options.Failures()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private List<string> Bind(T options)
    {
        List<string> failures = [];
        SettingsBinder.Bind(options, T.Section, configuration.GetSection(T.Section), failures);
        return failures;
    }
}

/// <summary>The same for any object that has settings: a section's, or those below it.</summary>
internal static class SettingsBinder
{
    /// <summary>The names of a class's settings.</summary>
    public static string[] Names(Type type) => [.. Properties(type).Select(static property => property.Name)];

    public static void Bind(object target, string path, IConfigurationSection section, List<string> failures)
    {
        PropertyInfo[] properties = [.. Properties(target.GetType())];
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            if (Array.Find(properties, candidate => string.Equals(candidate.Name, setting.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
                failures.Add($"{path}:{setting.Key} is not a setting; {path} has {string.Join(", ", properties.Select(static known => known.Name))}.");
            else if (IsGroup(property))
                BindGroup(property.GetValue(target)!, $"{path}:{property.Name}", setting, failures);
            else if (BindOne(target, property, $"{path}:{property.Name}", setting) is { } failure)
                failures.Add(failure);
        }
    }

    private static void BindGroup(object group, string path, IConfigurationSection setting, List<string> failures)
    {
        if (!string.IsNullOrEmpty(setting.Value))
            failures.Add($"{path} takes no value itself; it has {string.Join(", ", Names(group.GetType()))}.");
        Bind(group, path, setting, failures);
    }

    private static string? BindOne(object target, PropertyInfo property, string path, IConfigurationSection setting)
    {
        bool isList = property.PropertyType.IsArray;
        IConfigurationSection[] entries = [.. setting.GetChildren()];
        if (isList && !string.IsNullOrEmpty(setting.Value))
            return $"{path} is a list: its first entry is {path}:0.";
        if (!isList && entries.Length > 0)
            return $"{path} takes one value, not a list.";
        // An empty environment variable is how many tools say "not set".
        if (!isList && string.IsNullOrEmpty(setting.Value))
            return null;
        if (isList && Array.Find(entries, static entry => entry.GetChildren().Any()) is { } deeper)
            return $"{path}:{deeper.Key} takes one value.";

        try
        {
            property.SetValue(target, setting.Get(property.PropertyType) ?? property.GetValue(target));
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{path} must be {Wanted(property.PropertyType)}; it is '{setting.Value}'.";
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.SetMethod is not null || IsGroup(property));

    // What else has no setter is computed from the settings.
    private static bool IsGroup(PropertyInfo property) => property.SetMethod is null && property.PropertyType.Namespace == typeof(ISettings).Namespace;

    private static string Wanted(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return string.Join(" or ", Enum.GetNames(type));
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(TimeSpan))
            return "a time such as 00:00:05 (hours:minutes:seconds)";
        return "a whole number";
    }
}
