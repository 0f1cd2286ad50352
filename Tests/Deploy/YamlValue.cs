using ChitChatz.Tests.Docs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace ChitChatz.Tests.Deploy;

/// <summary>A value of a YAML file: a mapping, a sequence, a text or nothing. Asked for what is not there it fails, naming the place.</summary>
internal sealed class YamlValue
{
    private readonly object? _value;
    private readonly string _place;

    private YamlValue(object? value, string place) => (_value, _place) = (value, place);

    public string Text => _value as string ?? throw new InvalidDataException($"{_place} is no text.");

    /// <summary>The elements of a sequence.</summary>
    public YamlValue[] Items =>
        _value is List<object> items
            ? [.. items.Select((item, index) => new YamlValue(item, $"{_place}[{index}]"))]
            : throw new InvalidDataException($"{_place} is no list.");

    /// <summary>The keys and values of a mapping, in their order.</summary>
    public (string Key, YamlValue Value)[] Entries => [.. Mapping.Select(entry => ((string)entry.Key, new YamlValue(entry.Value, $"{_place}.{entry.Key}")))];

    public YamlValue this[string key] => Mapping.ContainsKey(key) ? Find(key)! : throw new InvalidDataException($"{_place} has no {key}.");

    private Dictionary<object, object> Mapping => _value as Dictionary<object, object> ?? throw new InvalidDataException($"{_place} is no mapping.");

    public YamlValue? Find(string key) => Mapping.TryGetValue(key, out var value) ? new YamlValue(value, $"{_place}.{key}") : null;

    /// <summary>The documents of a file of the repository, with anchors and merged keys resolved.</summary>
    public static YamlValue[] Read(string path)
    {
        using StreamReader text = File.OpenText(Path.Combine(Document.Root, path));
        MergingParser parser = new(new Parser(text));
        IDeserializer deserializer = new DeserializerBuilder().Build();
        List<YamlValue> documents = [];
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(new YamlValue(deserializer.Deserialize<object>(parser), $"{path}:{documents.Count + 1}"));
        return [.. documents];
    }
}
