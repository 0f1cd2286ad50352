using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace ChitChatz.Gateway.Page;

/// <summary>Serves the web client, which is embedded in this assembly; what is no file of it does not exist.</summary>
internal static class PageFiles
{
    public static void UsePage(this IApplicationBuilder app)
    {
        var sources = new ManifestEmbeddedFileProvider(typeof(PageFiles).Assembly, "wwwroot");
        var files = new CompositeFileProvider(new PageScript(sources), sources);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RedirectToAppendTrailingSlash = false });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ContentTypeProvider = new FileExtensionContentTypeProvider(ContentTypes),
            // Asked for again each time, and answered 304 by its tag: a new version must not run half with the old one's modules.
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.Run(Refuse);
    }

    private static Dictionary<string, string> ContentTypes { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private static Task Refuse(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
        }

        return Task.CompletedTask;
    }
}
