using System.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace ChitChatz.Gateway.Page;

/// <summary>The page's scripts as one file beside their sources: <c>page.js</c>, which is <c>app.js</c> and all that it imports.</summary>
internal sealed class PageScript : IFileProvider, IFileInfo
{
    private readonly byte[] _content;

    public PageScript(IFileProvider sources)
    {
        _content = Encoding.UTF8.GetBytes(ScriptBundle.Make("app.js", path => Read(sources.GetFileInfo(path))));
        LastModified = sources.GetFileInfo("app.js").LastModified;
    }

    public bool Exists => true;

    public long Length => _content.Length;

    public string? PhysicalPath => null;

    public string Name => "page.js";

    public DateTimeOffset LastModified { get; }

    public bool IsDirectory => false;

    public Stream CreateReadStream() => new MemoryStream(_content, writable: false);

    public IFileInfo GetFileInfo(string subpath) => subpath.TrimStart('/') == Name ? this : new NotFoundFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    private static string Read(IFileInfo file)
    {
        using StreamReader reader = new(file.CreateReadStream());
        return reader.ReadToEnd();
    }
}
