using ChitChatz.Gateway.Hosting;
using ChitChatz.Hosting.Start;
using ChitChatz.Silo;

return await HostRunner.RunAsync(args, static args =>
{
    var builder = GatewayHosting.CreateBuilder(args);
    builder.AddChitChatzSilo();
    builder.AddChitChatzGateway();
    return builder.Build().MapChitChatz();
});
