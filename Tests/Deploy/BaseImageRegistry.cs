using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Deploy;

/// <summary>
/// A container registry on loopback with one image, <c>base:1</c>: one file, and the environment and user of the runtime images that
/// ours are based on. As much of the protocol as the SDK asks for when it pulls.
/// </summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly WebApplication _app;
    private readonly Dictionary<string, (string Type, byte[] Bytes)> _blobs = [];

    private BaseImageRegistry(WebApplication app) => _app = app;

    /// <summary>The name of the registry.</summary>
    public string Host => $"localhost:{new Uri(_app.Urls.Single()).Port}";

    /// <summary>The name of the image, for <c>ContainerBaseImage</c>.</summary>
    public string Image => $"{Host}/base:1";

    public static async Task<BaseImageRegistry> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        BaseImageRegistry registry = new(builder.Build());
        byte[] manifest = registry.AddImage();
        registry._app.MapGet("/v2/", static () => Results.Ok());
        registry._app.MapMethods("/v2/base/manifests/{reference}", ["GET", "HEAD"], (string reference) =>
            reference == "1" || reference == Digest(manifest) ? new Blob(ManifestType, manifest) : Results.NotFound());
        registry._app.MapMethods("/v2/base/blobs/{digest}", ["GET", "HEAD"], (string digest) =>
            registry._blobs.TryGetValue(digest, out var blob) ? new Blob(blob.Type, blob.Bytes) : Results.NotFound());
        await registry._app.StartAsync(TestContext.Current.CancellationToken);
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private byte[] AddImage()
    {
        byte[] files = Files();
        object config = new
        {
            architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            os = "linux",
            config = new
            {
                Env = new[] { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true" },
                User = "1654",
            },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(files) } },
            history = new[] { new { created_by = "test" } },
        };
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = Add("application/vnd.docker.container.image.v1+json", JsonSerializer.SerializeToUtf8Bytes(config)),
            layers = new[] { Add("application/vnd.docker.image.rootfs.diff.tar.gzip", Compressed(files)) },
        });
    }

    private object Add(string mediaType, byte[] bytes)
    {
        _blobs[Digest(bytes)] = (mediaType, bytes);
        return new { mediaType, size = bytes.Length, digest = Digest(bytes) };
    }

    private static byte[] Files()
    {
        using MemoryStream stream = new();
        using (TarWriter tar = new(stream, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/os-release") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("NAME=test\n")) });
        }

        return stream.ToArray();
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream zip = new(stream, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return stream.ToArray();
    }

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    /// <summary>Bytes with their length and digest, also for HEAD.</summary>
    private sealed class Blob(string type, byte[] bytes) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = type;
            httpContext.Response.ContentLength = bytes.Length;
            httpContext.Response.Headers["Docker-Content-Digest"] = Digest(bytes);
            if (HttpMethods.IsGet(httpContext.Request.Method))
                await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }
}
