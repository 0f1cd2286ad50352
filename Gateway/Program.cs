using ChitChatz.Gateway.Hosting;
using ChitChatz.Hosting.Start;

return await HostRunner.RunAsync(args, static args =>
{
    var builder = GatewayHosting.CreateBuilder(args);
    builder.AddChitChatzGateway();
    return builder.Build().MapChitChatz();
});
