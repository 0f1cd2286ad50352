using ChitChatz.Hosting.Start;
using ChitChatz.Silo;

return await HostRunner.RunAsync(args, static args =>
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = args,
        // The settings file lies beside the program, wherever that was started from.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.AddChitChatzSilo();
    return builder.Build();
});
