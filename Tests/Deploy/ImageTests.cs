using ChitChatz.Tests.Storage;

namespace ChitChatz.Tests.Deploy;

/// <summary>The container images, as far as they can be seen without a container engine: made by the SDK as files, and read.</summary>
public sealed class ImageTests
{
    public static TheoryData<string, int[], string[]> Images => new()
    {
        { "Silo", [3901, 11111, 30000], ["ASPNETCORE_HTTP_PORTS="] },
        { "Gateway", [3000, 3900], ["ASPNETCORE_URLS=http://*:3000"] },
        { "Standalone", [3000, 3900], ["ASPNETCORE_URLS=http://*:3000", "Data__Folder=/data"] },
    };

    [Theory, MemberData(nameof(Images))]
    public async Task Image_WhenPublished_RunsTheProgramAsNobodySpecialOnItsPorts(string name, int[] ports, string[] environment)
    {
        await using BaseImageRegistry registry = await BaseImageRegistry.StartAsync();
        using TemporaryFolder folder = new();
        string file = folder.File("image.tar");

        await DotNetCommand.RunAsync(
            [
                "publish", name, "-c", DotNetCommand.Configuration, "--no-build", "-t:PublishContainer", $"-p:PublishDir={folder.File("publish")}/",
                $"-p:ContainerBaseImage={registry.Image}", $"-p:ContainerArchiveOutputPath={file}",
            ],
            // The SDK keeps layers in the temporary folder.
            new Dictionary<string, string> { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host, ["TMPDIR"] = folder.Path });

        ImageArchive image = ImageArchive.Read(file);
        Assert.Equal([$"chitchatz-{name.ToLowerInvariant()}:{image.Label("org.opencontainers.image.version")}"], image.Names);
        Assert.Equal(["dotnet", $"/app/ChitChatz.{name}.dll"], image.Command);
        Assert.Equal("1654", image.User);
        Assert.Equal(ports, image.Ports);
        Assert.All(environment, variable => Assert.Equal(variable.Split('=', 2)[1], image.Environment[variable.Split('=', 2)[0]]));
        Assert.Contains("PATH", image.Environment.Keys);
        string[] files = [.. image.Files.Select(static entry => entry.Name)];
        Assert.Contains("etc/os-release", files);
        Assert.Contains($"app/ChitChatz.{name}.dll", files);
        Assert.Contains($"app/ChitChatz.{name}.runtimeconfig.json", files);
        Assert.Contains("app/appsettings.json", files);
        Assert.DoesNotContain(files, static entry => entry.EndsWith(".key", StringComparison.Ordinal) || entry.Contains(".db", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    [InlineData("Standalone")]
    public async Task BaseImage_WhenNothingElseIsSaid_HasAspNetCoreAndIcuAndNoShell(string name)
    {
        string image = await DotNetCommand.RunAsync(
            ["msbuild", name, $"-p:Configuration={DotNetCommand.Configuration}", "-t:ComputeContainerBaseImage", "-getProperty:ContainerBaseImage"]);

        Assert.EndsWith("/dotnet/aspnet:10.0-noble-chiseled-extra", image.Trim(), StringComparison.Ordinal);
    }
}
