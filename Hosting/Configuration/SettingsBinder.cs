using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Configuration;

/// <summary>
/// Puts a section's values into its options class, one setting at a time, so that all values that do not fit
/// and all names that mean nothing are reported at once, and not the first of them only.
/// </summary>
internal sealed class SettingsBinder<T>(IConfiguration configuration) : IConfigureOptions<T>
    where T : class, ISettings
{
    private static readonly PropertyInfo[] Properties =
        [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null || !IsScalar(property.PropertyType))];

    public void Configure(T options)
    {
        var failures = new List<string>();
        foreach (var setting in configuration.GetSection(T.Section).GetChildren())
        {
            var property = Array.Find(Properties, candidate => string.Equals(candidate.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                failures.Add($"{setting.Path} is not a setting; {T.Section} has {string.Join(", ", Properties.Select(known => known.Name))}.");
            else if (Bind(options, property, setting) is { } failure)
                failures.Add(failure);
        }

        if (failures.Count > 0)
            throw new OptionsValidationException(T.Section, typeof(T), failures);
    }

    private static string? Bind(T options, PropertyInfo property, IConfigurationSection setting)
    {
        try
        {
            if (IsScalar(property.PropertyType))
            {
                // An empty environment variable is how many tools say "not set".
                if (string.IsNullOrEmpty(setting.Value))
                    return setting.GetChildren().Any() ? $"{setting.Path} takes one value, not a list." : null;

                property.SetValue(options, setting.Get(property.PropertyType));
                return null;
            }

            var value = property.GetValue(options);
            if (property.SetMethod is null)
                setting.Bind(value, binder => binder.ErrorOnUnknownConfiguration = true);
            else if (value is not null && !property.PropertyType.IsArray)
                setting.Bind(value, binder => binder.ErrorOnUnknownConfiguration = true);
            else
                property.SetValue(options, setting.Get(property.PropertyType, binder => binder.ErrorOnUnknownConfiguration = true));

            return null;
        }
        catch (InvalidOperationException exception)
        {
            return IsScalar(property.PropertyType)
                ? $"{setting.Path} must be {Wanted(property.PropertyType)}; it is '{setting.Value}'."
                : $"{setting.Path}: {exception.Message}";
        }
    }

    private static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(decimal);
    }

    private static string Wanted(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return string.Join(" or ", Enum.GetNames(type));
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(TimeSpan))
            return "a time such as 00:00:05 (hours:minutes:seconds)";
        return type == typeof(int) || type == typeof(long) ? "a whole number" : $"a value of type {type.Name}";
    }
}
