namespace ChitChatz.Gateway.Page;

/// <summary>What a browser may do with anything that we serve: run our own scripts, open sockets, and nothing else.</summary>
internal static class SecurityHeaders
{
    // Sockets go to any host, as the page can be pointed at another gateway; form-action, base-uri and frame-ancestors do not fall
    // back to default-src and so are named. Trusted types turn a slip into an exception: texts reach the page as text only.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; connect-src 'self' ws: wss:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        // Set before the answer exists, and so on 404s and refused handshakes too.
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    });
}
