using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace ChitChatz.Tests.Deploy;

/// <summary>An image as <c>docker load</c> would read it from a file.</summary>
internal sealed class ImageArchive
{
    private readonly JsonElement _config;

    private ImageArchive(JsonElement manifest, JsonElement config, TarEntry[] files)
    {
        Names = [.. manifest.GetProperty("RepoTags").EnumerateArray().Select(static name => name.GetString()!)];
        _config = config.GetProperty("config");
        Files = files;
    }

    /// <summary>The image's names, with their tags.</summary>
    public string[] Names { get; }

    /// <summary>Names and owners of all files and folders of all layers.</summary>
    public TarEntry[] Files { get; }

    /// <summary>What is run: the entry point, then the command.</summary>
    public string[] Command => [.. Texts("Entrypoint"), .. Texts("Cmd")];

    public string User => _config.GetProperty(nameof(User)).GetString()!;

    public Dictionary<string, string> Environment => Texts("Env").Select(static entry => entry.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);

    /// <summary>Ports that the image says it listens on, in order.</summary>
    public int[] Ports => [.. _config.GetProperty("ExposedPorts").EnumerateObject().Select(static port => int.Parse(port.Name.Split('/')[0], CultureInfo.InvariantCulture)).Order()];

    public string? Label(string name) => _config.GetProperty("Labels").TryGetProperty(name, out JsonElement label) ? label.GetString() : null;

    public static ImageArchive Read(string path)
    {
        Dictionary<string, byte[]> parts = [];
        using (FileStream file = File.OpenRead(path))
        {
            foreach (TarEntry entry in Entries(file))
                if (entry.DataStream is { } data)
                    parts[entry.Name] = Bytes(data);
        }

        JsonElement manifest = JsonDocument.Parse(parts["manifest.json"]).RootElement[0];
        JsonElement config = JsonDocument.Parse(parts[manifest.GetProperty("Config").GetString()!]).RootElement;
        IEnumerable<TarEntry> files = manifest.GetProperty("Layers").EnumerateArray().SelectMany(layer => Layer(parts[layer.GetString()!]));
        return new ImageArchive(manifest, config, [.. files]);
    }

    // A layer is compressed or not, whatever its name says.
    private static IEnumerable<TarEntry> Layer(byte[] bytes) =>
        Entries(bytes is [0x1f, 0x8b, ..] ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes));

    private static IEnumerable<TarEntry> Entries(Stream stream)
    {
        using TarReader tar = new(stream);
        while (tar.GetNextEntry() is { } entry)
            yield return entry;
    }

    private static byte[] Bytes(Stream stream)
    {
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private IEnumerable<string> Texts(string property) =>
        _config.TryGetProperty(property, out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? values.EnumerateArray().Select(static value => value.GetString()!)
            : [];
}
