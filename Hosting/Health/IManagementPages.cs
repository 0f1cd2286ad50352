using Microsoft.AspNetCore.Builder;

namespace ChitChatz.Hosting.Health;

/// <summary>Something more that the management listener serves.</summary>
public interface IManagementPages
{
    /// <summary>Whether this is what <c>Management:Dashboard</c> asks for.</summary>
    bool IsDashboard => false;

    /// <summary>Adds it to the listener's pipeline, before the health endpoints, which answer 404 to all that nobody took.</summary>
    /// <param name="app">The listener's application. Its services are its own, and not those of the process.</param>
    void Map(IApplicationBuilder app);
}
