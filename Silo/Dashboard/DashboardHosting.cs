using ChitChatz.Hosting.Health;
using Orleans.Dashboard;

namespace ChitChatz.Silo.Dashboard;

/// <summary>The Orleans dashboard, if it was asked for.</summary>
internal static class DashboardHosting
{
    /// <summary>Adds it when <c>Management:Dashboard</c> is true. Otherwise nothing of it runs: it looks at each call.</summary>
    public static void AddManagementDashboard(this ISiloBuilder silo)
    {
        // A value that is neither true nor false is refused by the settings' own check, a moment later.
        if (!bool.TryParse(silo.Configuration["Management:Dashboard"], out bool wanted) || !wanted)
            return;

        silo.AddDashboard();
        silo.Services.AddSingleton<IManagementPages, DashboardPages>();
    }
}
