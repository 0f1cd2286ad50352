using System.Security.Cryptography;
using ChitChatz.Gateway.Identity;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string KeyPath => _folder.File(KeyFile.Name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadOrCreate_WhenThereIsNone_MakesOneForTheOwnerAlone()
    {
        var key = KeyFile.LoadOrCreate(_folder.Path);

        Assert.Equal(32, key.Length);
        Assert.Equal(key, KeyFile.LoadOrCreate(_folder.Path));
        Assert.Equal([KeyPath], Directory.GetFiles(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public void LoadOrCreate_WhenTheFolderIsMissing_MakesIt()
    {
        var folder = _folder.File("a/b");

        Assert.Equal(KeyFile.LoadOrCreate(folder), KeyFile.LoadOrCreate(folder));
    }

    [Fact]
    public async Task LoadOrCreate_WhenManyStartAtOnce_AllGetTheSameKey()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = _folder.File($"round{round}");
            using var gate = new Barrier(8);

            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    gate.SignalAndWait(TestContext.Current.CancellationToken);
                    return Convert.ToHexString(KeyFile.LoadOrCreate(folder));
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(keys.Distinct());
            Assert.Single(Directory.GetFiles(folder));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("q3Vn0yTkX8mZ1bRfW6uJc2LhPdA9sGeo4iQxNvYt7Kwq3Vn0yTkX8mZ1bRfW6uJ")]
    [InlineData("\0\0\0\0")]
    public void LoadOrCreate_WhenTheFileIsGarbage_SaysSoAndLeavesIt(string content)
    {
        Write(content);

        var refused = Assert.Throws<OptionsValidationException>(() => KeyFile.LoadOrCreate(_folder.Path));

        Assert.Contains(KeyPath, Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyPath));
    }

    [Fact]
    public void LoadOrCreate_WhenOthersCanReadTheFile_Refuses()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("There are no such modes on Windows.");
        else
        {
            Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            Assert.Equal(32, KeyFile.LoadOrCreate(_folder.Path).Length);
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

            var refused = Assert.Throws<OptionsValidationException>(() => KeyFile.LoadOrCreate(_folder.Path));

            Assert.Contains("chmod 600", Assert.Single(refused.Failures), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoadOrCreate_WhenTheFileIsAFolder_SaysSo()
    {
        Directory.CreateDirectory(KeyPath);

        Assert.Throws<OptionsValidationException>(() => KeyFile.LoadOrCreate(_folder.Path));
    }

    private void Write(string content)
    {
        File.WriteAllText(KeyPath, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
